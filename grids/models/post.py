"""A person in a role at a node, from–until. History is kept: a post is ended, never overwritten or deleted."""

from datetime import datetime

from django.conf import settings
from django.db import models

from grids.models.grid import Grid
from grids.models.querysets import PostQuerySet
from grids.roles import ROLES, role_choices, spoken_title


class Post(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts", verbose_name="任职人")
    role = models.CharField("职务", max_length=30, choices=role_choices)
    grid = models.ForeignKey(
        Grid,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name="任职网格",
        help_text="县级职务不填",
    )
    from_at = models.DateTimeField("任职起")
    until_at = models.DateTimeField("任职止", null=True, blank=True)

    load: int
    """What it has to do, where posts were asked for with it (grids/rights/line.py)."""

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_at=None) | models.Q(until_at__gt=models.F("from_at")),
                name="post_until_after_from",
            )
        ]
        indexes = [models.Index(fields=["grid", "role", "from_at"], name="post_at_node")]

    class PersonalData:
        personal = ("person",)
        plain = ("id", "role", "grid", "from_at", "until_at")

    def __str__(self) -> str:
        return f"任职 {self.pk}"  # no name: Django's log of admin acts keeps this, and an erased person must not stay in it

    @property
    def role_label(self) -> str:
        return ROLES[self.role].label

    @property
    def words(self) -> str:
        """ "宜和佳苑1号网格长 李某": how residents read it. Loads person and grid."""
        return f"{self.title} {self.person.name}"

    @property
    def title(self) -> str:
        """ "宜和社区书记"; a county post is the county's."""
        return spoken_title(self.grid.name if self.grid else "政和县", self.role_label)

    def runs_at(self, at: datetime) -> bool:
        """Whether its period has begun and not ended (from ≤ at < until)."""
        return self.from_at <= at and (self.until_at is None or self.until_at > at)

    def is_held_at(self, at: datetime) -> bool:
        """As the filter `held_at`, of one post. Loads the person."""
        return self.runs_at(at) and self.person.is_active
