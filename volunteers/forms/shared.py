"""What this room's pages ask for. Shape only; the services say what is allowed."""

from typing import Any

from django import forms

from cases.forms import WordsField
from cases.models import Case, Category, Urgency
from grids.models import Grid, Level, Unit
from grids.models.querysets import GridQuerySet
from photos.fields import PhotosField
from volunteers.models import Need, Offer, Resource, Team, Volunteer
from volunteers.models.words import FREE_TIMES, ID_KINDS
from web.choices import offer_rows
from web.params import LARGEST
from web.time_fields import Day, Moment


class ServiceChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A kind of service."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="服务分类",
            queryset=Category.objects.filter(kind="service", retired_at=None).order_by("path"),
            empty_label="请选择",
            error_messages={"required": "请选择服务分类。"},
            **kwargs,
        )


class Count(forms.IntegerField):
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})


class RegisterForm(forms.Form):
    """What a volunteer tells us: no more than dispatching a service needs (志愿服务条例 7)."""

    grid = forms.ModelChoiceField(
        label="常在哪里服务",
        queryset=Grid.objects.none(),
        empty_label="请选择小区或社区",
        error_messages={"required": "请选择常在哪里服务，近处的事先问您。"},
    )
    skills = forms.ModelMultipleChoiceField(
        label="能帮什么忙",
        queryset=Category.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    free_times = forms.MultipleChoiceField(
        label="什么时候有空", choices=list(FREE_TIMES.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    reach = forms.ChoiceField(
        label="怎么联系您", choices=Volunteer.Reach, initial=Volunteer.Reach.SITE, widget=forms.RadioSelect
    )
    birth_date = Day(label="出生日期（未满十八周岁的填）", required=False)
    guardian = forms.CharField(
        label="监护人（未满十八周岁的填）",
        required=False,
        max_length=50,
        help_text="监护人看过说明、同意您参加，再写上姓名。",
        error_messages={"max_length": "姓名最多 50 个字。"},
    )
    is_ranked = forms.BooleanField(label="愿意出现在服务时数榜上", required=False, help_text="不选就不出现。")
    has_agreed = forms.BooleanField(
        label="我自愿做志愿者，同意平台为派单和记录时数使用以上信息",
        required=False,
        help_text="每次服务都先问您，去不了说一声就行；随时可以退出。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_homes(self.fields["grid"])
        skills = Category.objects.filter(kind="service", retired_at=None, children=None)
        offer_rows(self.fields["skills"], skills.order_by("path"), lambda skill: skill.name)


class DutyForm(forms.Form):
    grid = forms.ModelChoiceField(
        label="向哪里报到",
        queryset=Grid.objects.none(),
        empty_label="请选择居住的小区或社区",
        error_messages={"required": "请选择居住的小区，不在小区里就选社区。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_homes(self.fields["grid"])


def offer_nodes(field: forms.Field, within: GridQuerySet) -> None:
    """Nodes of an area, indented by level."""
    offer_rows(field, within.current().order_by("tree_id", "lft"), lambda node: "　" * node.level + node.name)


def offer_homes(field: forms.Field) -> None:
    """Estates under their community: two levels are all that people know."""
    offer_nodes(field, Grid.objects.filter(level__in=(Level.COMMUNITY, Level.ESTATE)))


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label="退回原因",
        max_length=200,
        help_text="本人会看到，例如“住址不在本小区”。",
        error_messages={"required": "请写明退回的原因。", "max_length": "最多 200 字。"},
    )


class CheckInForm(forms.Form):
    """The code at the door, or where one is: the page fills in the position when the button is tapped."""

    code = forms.CharField(
        label="签到码",
        required=False,
        max_length=12,
        help_text="受助人手里或门口的 6 位数字。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)


class CheckOutForm(forms.Form):
    words = WordsField(
        label="做了什么",
        max_length=500,
        required=False,  # the service says so, with the photos kept
        error_messages={"max_length": "最多 500 字，您写了 %(show_value)s 字。"},
    )
    photos = PhotosField(label="照片（可不选）", required=False, can_wait=True)


class CertificateForm(forms.Form):
    """Who the certificate is about: kept in its file alone."""

    id_kind = forms.ChoiceField(label="证件类型", choices=[(kind, kind) for kind in ID_KINDS])
    id_number = forms.CharField(
        label="证件号码（可不填）",
        required=False,
        max_length=30,
        help_text="不填，证明上留空，打印后手写。填了，只写进这份 PDF，加密保存，注销时删除。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    has_agreed = forms.BooleanField(label="我同意把证件号码写进这份证明", required=False)


class ConvertForm(forms.Form):
    category = ServiceChoice()
    people_count = Count(label="多少人受益", min_value=1, max_value=100000, initial=1)


class NeedForm(ConvertForm):
    title = forms.CharField(label="需要什么", max_length=80, error_messages={"required": "请写明需要什么。"})
    grid = forms.ModelChoiceField(
        label="在哪里", queryset=Grid.objects.none(), empty_label="请选择", error_messages={"required": "请选择地点。"}
    )
    source = forms.ChoiceField(
        label="从哪里来", choices=[(source.value, source.label) for source in (Need.Source.VISIT, Need.Source.PLAN)]
    )
    urgency = forms.ChoiceField(label="紧急程度", choices=Urgency, initial=Urgency.NORMAL)
    field_order = ["title", "grid", "category", "source", "urgency", "people_count"]

    def __init__(self, *args: Any, within: GridQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_nodes(self.fields["grid"], within)


class WordForm(forms.Form):
    """Whether something helped, by whoever benefits or who looked."""

    is_solved = forms.TypedChoiceField(
        label="解决了没有",
        choices=[("1", "解决了"), ("0", "还没有解决")],
        widget=forms.RadioSelect,
        coerce=lambda answer: answer == "1",
        error_messages={"required": "请选择解决了没有。"},
    )
    words = WordsField(label="说明", max_length=200, required=False)


class EndNeedForm(forms.Form):
    state = forms.ChoiceField(
        label="怎么办结的",
        choices=[(state.value, state.label) for state in (Need.State.SOLVED, Need.State.REQUESTED, Need.State.UNMET)],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择办结方式。"},
    )
    became = forms.CharField(label="转成的诉求编号（转诉求时填）", required=False, max_length=20)
    reason = forms.CharField(
        label="说明（无法满足时必填）", required=False, max_length=200, error_messages={"max_length": "最多 200 字。"}
    )


class AdoptForm(forms.Form):
    """认领: who does it, how, until when."""

    name = forms.CharField(label="项目名称", max_length=60, error_messages={"required": "请给项目起个名字。"})
    unit = forms.ModelChoiceField(
        label="认领单位",
        queryset=Unit.objects.filter(is_active=True).order_by("name"),
        required=False,
        empty_label="不是单位认领",
    )
    team = forms.ModelChoiceField(
        label="或认领队伍", queryset=Team.objects.none(), required=False, empty_label="不是队伍认领"
    )
    needs = forms.ModelMultipleChoiceField(
        label="一起办的其他需求（可不选）",
        queryset=Need.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    resources = forms.ModelMultipleChoiceField(
        label="用到的资源（可不选）",
        queryset=Resource.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    plan = WordsField(label="怎么做", max_length=2000, error_messages={"required": "请写几句怎么做。"})
    budget_note = forms.CharField(label="经费说明（可不填）", required=False, max_length=200)
    from_date = Day(label="开始")
    until_date = Day(label="计划完成")
    is_public = forms.BooleanField(label="对居民公开", required=False)

    def __init__(self, *args: Any, within: GridQuerySet, need: Need, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_needs = Need.objects.filter(grid__in=within, ended_at=None, category=need.category_id)
        offer_rows(
            self.fields["needs"],
            open_needs.exclude(pk=need.pk).order_by("-noted_at"),
            lambda open_need: open_need.title,
        )
        resources = Resource.objects.filter(grid__in=within, category=need.category_id).order_by("pk")
        offer_rows(self.fields["resources"], resources, lambda resource: resource.name)
        offer_rows(self.fields["team"], Team.objects.filter(ended_at=None, grid__in=within).order_by("name"))


class MilestoneForm(forms.Form):
    words = forms.CharField(label="节点", max_length=100, error_messages={"required": "请写明节点。"})
    due_date = Day(label="应完成")
    budget_note = forms.CharField(label="经费说明（可不填）", required=False, max_length=100)


class ProjectPhotosForm(forms.Form):
    photos = PhotosField(label="照片")
    is_after = forms.BooleanField(label="是完成后的", required=False)


class DeclineForm(forms.Form):
    words = forms.CharField(
        label="不认领的原因",
        max_length=200,
        error_messages={"required": "请写明原因，社区好另找单位。", "max_length": "最多 200 字。"},
    )


class FinishProjectForm(forms.Form):
    result = forms.CharField(
        label="成果", max_length=300, error_messages={"required": "请写明成果。", "max_length": "最多 300 字。"}
    )


class CallOutForm(forms.Form):
    """The one act that calls everybody."""

    words = forms.CharField(
        label="通知内容",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明出了什么事、到哪里集合。", "max_length": "最多 200 字。"},
    )
    is_drill = forms.BooleanField(
        label="这是演练", required=False, help_text="通知和任务都写明【演练】，不计入服务次数和时数的统计。"
    )
    told = forms.IntegerField(required=False, min_value=0, max_value=LARGEST, widget=forms.HiddenInput)
    """How many people it reaches, as whoever sends it was told; empty until they were."""


class EndCallOutForm(forms.Form):
    words = WordsField(
        label="总结", max_length=2000, error_messages={"required": "请写几句总结。", "max_length": "最多 2000 字。"}
    )


class AbsenteeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, offer: Offer) -> str:
        return offer.person.name


def _begins_at(case: Case, required: bool) -> forms.Field:
    return Moment(label="新的开始时间", initial=case.service.begins_at)


def _ends_at(case: Case, required: bool) -> forms.Field:
    return Moment(label="新的结束时间", initial=case.service.ends_at)


def _absentee(case: Case, required: bool) -> forms.Field:
    missing = Offer.objects.filter(order_id=case.pk, state=Offer.State.ACCEPTED, arrived_at=None)
    return AbsenteeChoice(
        label="谁没有到场",
        queryset=missing.select_related("person").order_by("rank"),
        empty_label="请选择",
        error_messages={"required": "请选择是哪一位。"},
    )


FIELDS = {"begins_at": _begins_at, "ends_at": _ends_at, "absentee": _absentee}


class DutyNoteForm(forms.Form):
    """What a reported member did."""

    date = Day(label="哪一天")
    words = forms.CharField(
        label="做了什么",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写做了什么。"},
    )
