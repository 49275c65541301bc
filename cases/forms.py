"""The form of an arrow: one field for each thing that must be said. Shape only; the services say what is allowed."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from cases.engine.facts import facts_of
from cases.engine.turns import Given
from cases.models import Case, Category, Urgency
from cases.models.rating import Score
from cases.workflow import Arrow
from grids.models import Grid, Post
from grids.roles import roles_with
from photos.fields import PhotosField
from tables.limits import MAX_UPLOAD
from web.choices import offer_rows, rows_of
from web.params import LARGEST
from web.text import tidy

MAX_WORDS = 2000
TABLE_NAMES = (".csv", ".txt", ".xlsx", ".xls", ".ods")


class WordsField(forms.CharField):
    """Free text: tidied before its length counts."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "")


class TableField(forms.FileField):
    """A table to be taken in, as tables/ reads it."""

    widget = forms.ClearableFileInput(attrs={"accept": ",".join(TABLE_NAMES)})

    default_error_messages = {"required": "请选择文件。", "empty": "这个文件是空的。"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="表格文件（CSV 或 Excel）", **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload.size > MAX_UPLOAD:
            raise forms.ValidationError(f"文件超过 {MAX_UPLOAD // 1_000_000} MB，请分成几个文件。")
        if not upload.name.lower().endswith(TABLE_NAMES):
            raise forms.ValidationError("请选择 .csv、.xlsx、.xls 或 .ods 文件。")
        return upload


class OfCategoryForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Of a row that names a category: a retired one is not taken anew, the one it has may stay while the rest is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("category"):
            standing = Category.objects.filter(Q(retired_at=None) | Q(pk=self.instance.category_id))
            offer_rows(field, standing.order_by("path"))
            field.error_messages["invalid_choice"] = "这一分类已停用，请另选一类。"


class PostChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    is_for_others = False
    """Whether whoever fills in the form cannot name themselves."""

    def label_from_instance(self, post: Post) -> str:
        return post.words


def _words(case: Case, required: bool) -> forms.Field:
    label = "说明" if required else "说明（可不填）"
    return WordsField(
        label=label,
        max_length=MAX_WORDS,
        required=required,
        error_messages={
            "required": "请写几句话说明。",
            "max_length": f"最多 {MAX_WORDS} 字，您写了 %(show_value)s 字，请精简一些。",
        },
    )


def _photos(case: Case, required: bool) -> forms.Field:
    return PhotosField(label="照片（可不选，最多 9 张）", required=False, can_wait=True)


def _post(case: Case, required: bool) -> PostChoice:
    """Whoever answers for the case's place: in its community (or below), and those above."""
    node = case.grid
    top = next((n for n in Grid.objects.upward_from(node) if n.level == 1), node)
    area = Grid.objects.in_area([top]).current() | Grid.objects.upward_from(node)
    posts = Post.objects.held_at(timezone.now()).filter(grid__in=area.order_by(), role__in=roles_with("see"))
    return PostChoice(
        label="派给谁",
        queryset=posts.exclude(person__in=facts_of(case).kept_out)
        .select_related("person", "grid")
        .order_by("grid__tree_id", "grid__lft", "pk"),
        empty_label="请选择",
        error_messages={"required": "请选择派给谁。"},
    )


def _helper(case: Case, required: bool) -> forms.Field:
    """As `_post`; whoever has the case already is no help."""
    field = _post(case, required)
    field.is_for_others = True
    field.label, field.error_messages["required"] = "请谁协办", "请选择请谁协办。"
    if case.holder:
        offer_rows(field, rows_of(field).exclude(person=case.holder.person_id))
    return field


def _score(case: Case, required: bool) -> forms.Field:
    return forms.TypedChoiceField(
        label="您满意吗",
        choices=Score.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项满意度。"},
    )


def _is_solved(case: Case, required: bool) -> forms.Field:
    return forms.TypedChoiceField(
        label="问题解决了吗",
        choices=[("1", "解决了"), ("0", "没有解决")],
        coerce=lambda answer: answer == "1",
        widget=forms.RadioSelect,
        error_messages={"required": "请告诉我们问题解决了没有。"},
    )


def _amount(case: Case, required: bool) -> forms.Field:
    return forms.IntegerField(
        label="天数",
        min_value=1,
        max_value=365,
        error_messages={"required": "请填写天数。", "invalid": "请填写整数天数，例如 3。"},
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


def _category(case: Case, required: bool) -> forms.Field:
    return forms.ModelChoiceField(
        label="分类",
        queryset=Category.objects.filter(kind=case.kind, retired_at=None).order_by("path"),
        initial=case.category_id,
        empty_label="请选择",
        error_messages={"required": "请选择分类。", "invalid_choice": "这一分类已停用，请另选一类。"},
    )


def _urgency(case: Case, required: bool) -> forms.Field:
    return forms.ChoiceField(label="紧急程度", choices=Urgency.choices, initial=case.urgency)


FIELDS: dict[str, Callable[[Case, bool], forms.Field]] = {
    "words": _words,
    "photos": _photos,
    "post": _post,
    "helper": _helper,
    "score": _score,
    "is_solved": _is_solved,
    "amount": _amount,
    "category": _category,
    "urgency": _urgency,
}


class VersionField(forms.IntegerField):
    """Which version of a row the page shows, hidden in its form; no larger than its column holds."""

    def __init__(self) -> None:
        super().__init__(min_value=0, max_value=LARGEST, widget=forms.HiddenInput)


class ArrowForm(forms.Form):
    """Asks for what `arrow` needs; carries the version of the page it stands on."""

    version = VersionField()

    def __init__(self, *args: Any, arrow: Arrow, case: Case, by: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": case.version}
        super().__init__(*args, **kwargs)
        own = case.workflow.fields
        for name in arrow.fields:
            field = self.fields[name] = (own.get(name) or FIELDS[name])(case, name in arrow.needs)
            if getattr(field, "is_for_others", False):
                offer_rows(field, rows_of(field).exclude(person=by))

    @property
    def arguments(self) -> dict[str, Any]:
        """What `services.act` takes."""
        more = dict(self.cleaned_data)
        version = more.pop("version")
        given = Given(words=more.pop("words", ""), photos=more.pop("photos", ()))
        return {"version": version, "given": given, **more}


class RevealForm(forms.Form):
    reason = forms.CharField(
        label="为什么需要完整号码",
        max_length=150,
        help_text="会记入查看记录，例如“联系居民约上门时间”。",
        error_messages={"required": "请写明事由。", "max_length": "事由最多 150 字，您写了 %(show_value)s 字。"},
    )
