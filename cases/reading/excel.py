"""Cases out to Excel, categories in and out."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from import_export import resources, widgets
from import_export.fields import Field

from cases.categories import paths as categories
from cases.models import Case, Category
from cases.workflow import kind_choices
from tables.admin import TableResource
from tables.heads import Column, Layout
from web.text import tidy

CATEGORIES = Layout(
    "categories",
    "事项分类",
    "分类",
    (
        Column("事项类型", ("类型",), is_needed=True),
        Column("分类全称", ("分类", "分类名称"), is_needed=True),
        Column("关键词"),
    ),
)


class Minute(widgets.DateTimeWidget):
    """A moment as the reader's clock shows it."""

    def render(self, value: datetime | None, obj: Any = None, **kwargs: Any) -> str:
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


class YesNo(widgets.BooleanWidget):
    def render(self, value: bool, obj: Any = None, **kwargs: Any) -> str:
        return "是" if value else "否"


class KindLabel(widgets.Widget):
    """诉求, not "request"."""

    def render(self, value: str, obj: Any = None, **kwargs: Any) -> str:
        return dict(kind_choices()).get(value, value)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        kind = {label: kind for kind, label in kind_choices()}.get(str(value or "").strip())
        if kind is None:
            known = "、".join(label for _, label in kind_choices())
            raise ValidationError({"事项类型": f"事项类型应为：{known}。"})
        return kind


class Tidy(widgets.Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return tidy(str(value or ""))


class CaseResource(resources.ModelResource):
    """The list as seen, without personal data: no words, no names of residents."""

    number = Field("number", "编号")
    kind = Field("kind_label", "类型")
    title = Field("title", "标题")
    category = Field("category__path", "分类")
    place = Field("place", "地点")
    state = Field("state_label", "状态")
    holder = Field("holder_words", "责任人")
    opened_at = Field("opened_at", "提交时间", widget=Minute())
    finish_by_at = Field("finish_by_at", "答复时限", widget=Minute())
    finished_at = Field("finished_at", "办结时间", widget=Minute())
    was_late = Field("was_late", "曾超时", widget=YesNo())
    outcome = Field("outcome", "结果")

    class Meta:
        model = Case
        # fmt: off
        fields = ("number", "kind", "title", "category", "place", "state", "holder", "opened_at", "finish_by_at",
                  "finished_at", "was_late", "outcome")
        # fmt: on


class CategoryResource(TableResource):
    """A row a category, by its full name; ancestors are made as needed, keywords of known ones are replaced. Of
    what is retired nothing is changed, and nothing is put below it."""

    kind = Field("kind", "事项类型", widget=KindLabel())
    path = Field("path", "分类全称", widget=Tidy())
    keywords = Field("keywords", "关键词", widget=Tidy())

    class Meta:
        model = Category
        fields = import_order = ("kind", "path", "keywords")
        import_id_fields = ("kind", "path")
        skip_unchanged = report_skipped = True

    def do_instance_save(self, instance: Category, is_create: bool) -> None:
        line = Category.objects.filter(kind=instance.kind, path__in=categories.with_ancestors(instance.path))
        if retired := line.filter(retired_at__isnull=False).order_by("path").first():
            raise ValidationError({"分类全称": f"分类“{retired.path}”已停用，请先恢复，或用代替它的分类。"})
        if is_create:
            try:
                made = categories.ensure(kind=instance.kind, path=instance.path, keywords=instance.keywords)
            except ValidationError as refusal:
                raise ValidationError({"分类全称": refusal.messages}) from refusal
            instance.pk = made.pk
        else:
            instance.save(update_fields=["keywords"])
