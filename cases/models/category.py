"""What a case is about: a tree of at most three levels for each kind of case. Staff edit it; cases/categories/tree.py retires."""

from django.db import models
from django.db.models import Q

from cases.workflow import kind_choices

LONGEST_KEYWORDS = 300


class Category(models.Model):
    kind = models.CharField("事项类型", max_length=30, choices=kind_choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级分类"
    )
    name = models.CharField("名称", max_length=40)
    path = models.CharField("全称", max_length=130, editable=False, help_text="城乡建设/市政管理/路灯")
    keywords = models.CharField(
        "关键词", max_length=LONGEST_KEYWORDS, blank=True, help_text="用空格分开；居民的话里出现时推荐这一类"
    )
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="由哪一类代替"
    )

    class Meta:
        verbose_name = "事项分类"
        verbose_name_plural = "事项分类"
        constraints = [
            models.UniqueConstraint(fields=["kind", "path"], name="category_once"),
            models.CheckConstraint(
                condition=Q(successor=None) | Q(retired_at__isnull=False), name="category_replaced_is_retired"
            ),
        ]

    class PersonalData:
        personal = ()
        plain = ("id", "kind", "parent", "name", "path", "keywords", "retired_at", "successor")

    def __str__(self) -> str:
        return self.path

    def is_within(self, other: "Category") -> bool:
        """Whether this is `other` or lies below it."""
        return self.path == other.path or self.path.startswith(f"{other.path}/")
