"""What a resident is asked, a screen at a time, and the field of the request loop's own arrow."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from accounts.forms.fields import PhoneField
from cases.forms import PostChoice, WordsField
from cases.models import Case, Category, Urgency
from grids.buildings.form import DoorForm
from grids.models import Grid, Level, Post
from grids.models.querysets import GridQuerySet
from photos.fields import PhotosField
from residents.concerns import CHOICES, ROLES_OVER_A_PLACE
from residents.models import Channel
from residents.services import MAX_WORDS, Place
from web.choices import offer_rows, offer_words, rows_of
from web.time_fields import Day


class PlaceForm(DoorForm):
    """Screen one: where."""

    address_note = forms.CharField(
        label="门牌或具体位置（可不填）",
        required=False,
        max_length=100,
        help_text="只给办理人看，例如“502 室”“东门垃圾房旁”。",
        error_messages={"max_length": "最多 100 字，您写了 %(show_value)s 字。其余的可在下一步说。"},
    )


class WordsForm(forms.Form):
    """Screen two: what."""

    words = WordsField(
        label="是什么事",
        max_length=MAX_WORDS,
        error_messages={
            "required": "请用您自己的话说说是什么事、在哪里。",
            "max_length": f"最多 {MAX_WORDS} 字，您写了 %(show_value)s 字，请精简一些。",
        },
        widget=forms.Textarea(
            attrs={"rows": 6, "placeholder": "例如：3 幢 1 单元楼道灯坏了三天，晚上老人上下楼看不见。"}
        ),
    )
    photos = PhotosField(label="照片（可不选，最多 9 张，每张不超过 10 MB）", required=False, can_wait=True)
    about = forms.ChoiceField(
        label="反映的是哪位工作人员吗",
        choices=CHOICES,
        required=False,
        help_text="选了就由其上级办理，本人不经手，也看不到。反映民警还可以拨打 12389，反映干部违纪还可以拨打 12388。",
        error_messages={"invalid_choice": "没有这一项，请重新选择。"},
    )
    is_anonymous = forms.BooleanField(
        label="不让办理人知道我是谁", required=False, help_text="社区仍可联系到您，办理人只看到“匿名居民”。"
    )


class ConfirmForm(forms.Form):
    """Screen three: what kind of matter, if the resident knows."""

    category = forms.ModelChoiceField(
        label="这是哪一类",
        queryset=Category.objects.filter(kind="request", retired_at=None),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "这一分类已停用，请另选一类，或交给社区判断。"},
    )

    def __init__(self, *args: Any, suggested: list[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_words(
            self.fields["category"],
            [
                *((category.pk, category.path.replace("/", " › ")) for category in suggested),
                ("", "不确定，交给社区判断"),
            ],
        )


class WholeRequestForm(PlaceForm, WordsForm):
    """All of it at once, as an app sends it."""

    key = forms.UUIDField(error_messages={"required": "缺少提交键：请为每件诉求生成一个 UUID。"})
    category = forms.ModelChoiceField(
        label="分类（不清楚可不选）",
        empty_label="请选择",
        queryset=Category.objects.filter(kind="request", retired_at=None),
        required=False,
        error_messages={"invalid_choice": "这一分类已停用，请另选一类，或交给社区判断。"},
    )


class RegisterForm(WholeRequestForm):
    """A request that staff write down for somebody who came or called."""

    phone = PhoneField(
        label="居民手机号（不愿留可不填）",
        required=False,
        help_text="填了，居民就能用这个号码登录查进度、作评价。",
    )
    name = forms.CharField(
        label="怎么称呼",
        required=False,
        max_length=30,
        error_messages={"max_length": "最多 30 字。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    has_agreed = forms.BooleanField(label="已向居民说明为什么要留手机号、怎么保护，居民同意", required=False)
    urgency = forms.ChoiceField(label="紧急程度", choices=Urgency, initial=Urgency.NORMAL)
    field_order = [
        "phone", "name", "has_agreed", "place", "building", "address_note", "words", "photos", "category", "urgency",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].widget = forms.HiddenInput()
        offer_rows(
            self.fields["category"],
            rows_of(self.fields["category"]).order_by("path"),
            lambda category: category.path.replace("/", " › "),
        )


class AtDeskForm(forms.Form):
    """A resident at the desk with their ID card."""

    phone = PhoneField(
        label="居民的手机号",
        max_length=30,
        error_messages={"required": "请填写手机号。", "max_length": "手机号太长了，应为 11 位数字。"},
    )
    has_seen = forms.BooleanField(
        label="已看过身份证原件，就是本人",
        error_messages={"required": "请先核对身份证原件和本人。"},
    )


class BirthDateForm(AtDeskForm):
    birth_date = Day(label="身份证上的出生日期")
    field_order = ("phone", "birth_date", "has_seen")


class SlipForm(AtDeskForm):
    """Of whom no SMS reaches."""

    card_name = forms.CharField(
        label="身份证上的姓名",
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="记入审计记录。不用登记身份证号。",
        error_messages={"required": "请填写身份证上的姓名。", "max_length": "姓名最多 50 个字。"},
    )
    field_order = ("phone", "card_name", "has_seen")


def _channel(case: Case, required: bool) -> forms.Field:
    return forms.ModelChoiceField(
        label="不受理的情形",
        queryset=Channel.objects.filter(is_active=True).order_by("order", "pk"),
        empty_label="请选择",
        error_messages={"required": "请选择不受理的情形，居民会看到对应的办法。"},
    )


class NodeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A street, community or estate of an area, as the trees stand, or the node (key) where something is already."""

    def __init__(self, *, area: GridQuerySet, here: int | None = None, **kwargs: Any) -> None:
        nodes = area.current().filter(Q(level__lte=Level.ESTATE) | Q(pk=here)).order_by("tree_id", "lft")
        super().__init__(queryset=nodes, **kwargs)

    def label_from_instance(self, node: Grid) -> str:
        return f"{'　' * node.level}{node.name}"


class PlaceChoice(NodeChoice):
    """Gives a `Place`."""

    def clean(self, value: Any) -> Place | None:
        node = super().clean(value)
        return Place(node) if node else None


def _place(case: Case, required: bool) -> forms.Field:
    here = case.grid_id if case.request.has_place else None
    return PlaceChoice(
        label="地点",
        area=Grid.objects.all(),
        here=here,
        initial=here,
        empty_label="请选择",
        error_messages={"required": "请选择地点。", "invalid_choice": "这个网格已撤并，请重新选择。"},
    )


def _concerned(case: Case, required: bool) -> forms.Field:
    """Whoever is in post over the place, the police too."""
    over = Q(grid__in=Grid.objects.upward_from(case.grid).order_by())
    posts = Post.objects.held_at(timezone.now()).filter(over, role__in=ROLES_OVER_A_PLACE)
    return PostChoice(
        label="反映的是谁",
        queryset=posts.select_related("person", "grid").order_by("-grid__level", "role", "pk"),
        empty_label="请选择",
        help_text="改由其上级办理。本人不再经手，也看不到。",
        error_messages={"required": "请选择反映的是谁。", "invalid_choice": "这位已不在任，请刷新后重新选择。"},
    )


FIELDS = {"channel": _channel, "place": _place, "concerned": _concerned}
