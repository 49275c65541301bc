"""What pages of conferences ask for. Shape only; the services say what is allowed."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from accounts.forms.fields import person_field
from cases.forms import PostChoice, VersionField, WordsField
from cases.workflow import Arrow
from grids.models import Grid, Level, Post, Unit
from grids.models.querysets import GridQuerySet
from grids.roles import roles_with
from meetings.conferences.services import reported_units
from meetings.desk.forms import PlacedForm
from meetings.models import Conference, Invitation
from web.choices import offer_rows, offer_words
from web.time_fields import Day

MAX_MINUTES = 5000


class ConferenceForm(PlacedForm):
    levels = (Level.STREET, Level.COMMUNITY)

    title = forms.CharField(
        label="开什么会",
        max_length=60,
        help_text="例如“防汛联席会议”。",
        error_messages={"required": "请写明开什么会。"},
    )
    host = PostChoice(label="谁主持", queryset=Post.objects.none(), required=False, empty_label="我主持")
    agenda = forms.CharField(
        label="议题，一行一个",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请至少写一个议题，一行一个。"},
    )
    field_order = ["title", "grid", "host", "date", "from_time", "until_time", "room", "place", "where", "agenda"]

    def __init__(self, *args: Any, within: GridQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, within=within, **kwargs)
        self.fields["grid"].label = "哪个社区或街道"
        self.fields["where"].help_text = "不在阵地时写清楚，例如“社区三楼会议室”。"
        posts = Post.objects.held_at(timezone.now()).filter(role__in=roles_with("dispatch"), grid__in=within.order_by())
        offer_rows(
            self.fields["host"], posts.select_related("person", "grid").order_by("grid__tree_id", "grid__lft", "pk")
        )

    @property
    def arguments(self) -> dict[str, Any]:
        names = ("title", "grid", "room", "place", "where")
        host = self.cleaned_data["host"]
        return {
            **{name: self.cleaned_data[name] for name in names},
            **self.moments(),
            "host": host.person if host else None,
            "agenda": self.cleaned_data["agenda"].splitlines(),
        }


class _Ticked(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return obj.words if isinstance(obj, Post) else obj.name


class InviteUnitsForm(forms.Form):
    units = _Ticked(label="勾选要请的单位", queryset=Unit.objects.none(), error_messages={"required": "请勾选单位。"})

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        invited = conference.invitations.exclude(unit=None).values("unit")
        offer_rows(self.fields["units"], reported_units(conference.grid).exclude(pk__in=invited).order_by("name"))


class InvitePostsForm(forms.Form):
    posts = _Ticked(label="勾选要请的人", queryset=Post.objects.none(), error_messages={"required": "请勾选人员。"})

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        invited = conference.invitations.exclude(person=None).values("person")
        posts = posts_around(conference.grid, down_to=Level.GROUP).exclude(person__in=invited)
        offer_rows(self.fields["posts"], posts)


def posts_around(grid: Grid, *, down_to: int = Level.HOUSEHOLD) -> QuerySet[Post]:
    """Who is in post there, below, and above."""
    area = Grid.objects.in_area([grid]).current().filter(level__lte=down_to)
    nodes = area.order_by() | Grid.objects.upward_from(grid).order_by()
    posts = Post.objects.held_at(timezone.now()).filter(grid__in=nodes).select_related("person", "grid")
    return posts.order_by("grid__level", "grid__lft", "pk")


class InviteResidentForm(forms.Form):
    person = person_field("居民代表的手机号")


class RepresentForm(forms.Form):
    person = person_field("谁来")


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        choices=Invitation.Answer.choices,
        error_messages={"required": "请选能不能来。", "invalid_choice": "请选能不能来。"},
    )
    substitute = forms.CharField(label="谁代为参加", max_length=20, required=False)


class AttendanceForm(forms.Form):
    """A tick and a name for each who was invited: who came, and who in their place."""

    def __init__(self, *args: Any, invitations: Iterable[Invitation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitations = list(invitations)
        for invitation in self.invitations:
            came = bool(invitation.answer in (Invitation.Answer.YES, Invitation.Answer.SUBSTITUTE))
            self.fields[f"came-{invitation.pk}"] = forms.BooleanField(
                label=invitation.who,
                required=False,
                initial=came if invitation.attended is None else invitation.attended,
            )
            self.fields[f"instead-{invitation.pk}"] = forms.CharField(
                max_length=20,
                required=False,
                initial=invitation.substitute,
                widget=forms.TextInput(attrs={"aria-label": f"代替 {invitation.who} 来的人"}),
            )

    def rows(self) -> Iterator[tuple[Invitation, forms.BoundField, forms.BoundField]]:
        for invitation in self.invitations:
            yield invitation, self[f"came-{invitation.pk}"], self[f"instead-{invitation.pk}"]

    @property
    def came(self) -> dict[int, str]:
        cleaned = self.cleaned_data
        return {
            invitation.pk: cleaned[f"instead-{invitation.pk}"]
            for invitation in self.invitations
            if cleaned[f"came-{invitation.pk}"]
        }


class ResolveForm(forms.Form):
    words = forms.CharField(
        label="决定做什么",
        max_length=200,
        help_text="例如“备足沙袋与排水泵”。",
        error_messages={"required": "请写明决定做什么。", "max_length": "最多 200 字。"},
    )
    post = PostChoice(
        label="责任人",
        queryset=Post.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择责任人。"},
        help_text="到时提醒他、超时往上升级的人。",
    )
    unit = forms.ModelChoiceField(
        label="责任单位（可不选）", queryset=Unit.objects.none(), required=False, empty_label="没有"
    )
    by_date = Day(label="哪天以前完成", help_text="遇到休息日，顺延到下一个工作日。")

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self.fields["post"], posts_around(conference.grid).filter(role__in=roles_with("see")))
        invited = conference.invitations.exclude(unit=None).values("unit")
        offer_rows(self.fields["unit"], Unit.objects.filter(pk__in=invited).order_by("name"))


class ReviewForm(forms.Form):
    words = forms.CharField(
        label="进展怎么样，怎么定",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写几句进展或意见。", "max_length": "最多 300 字。"},
    )
    verb = forms.ChoiceField(label="当场办", required=False, widget=forms.RadioSelect)
    version = VersionField()

    def __init__(self, *args: Any, arrows: Iterable[Arrow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_words(self.fields["verb"], [("", "只记下来"), *((arrow.verb, arrow.label) for arrow in arrows)])


class MinutesForm(forms.Form):
    minutes = WordsField(
        label="会议情况",
        max_length=MAX_MINUTES,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="签到、决议和以前决议的回顾会自动列进纪要，这里写讨论的情况。",
        error_messages={"required": "请写几句会议情况。", "max_length": f"最多 {MAX_MINUTES} 字。"},
    )
