"""Who sits on a case, as what, from–until. Whoever sits on it sees it, private or not; whom it is about (被反映人) does not."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.case import Case
from cases.workflow import SEATED, STANDINGS
from grids.models import Post


def seat_choices() -> list[tuple[str, str]]:
    return [(code, label) for code, label in STANDINGS.items() if code in SEATED]


class Seat(models.Model):
    case = models.ForeignKey(Case, models.CASCADE, related_name="seats", verbose_name="事项")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="seats", verbose_name="人员"
    )
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="seats", verbose_name="任职")
    role = models.CharField("身份", max_length=20, choices=seat_choices)
    from_at = models.DateTimeField("起")
    until_at = models.DateTimeField("止", null=True)

    class Meta:
        verbose_name = "席位"
        verbose_name_plural = "席位"
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, post__isnull=False) | Q(person__isnull=False, post=None),
                name="seat_is_person_or_post",
            ),
            models.UniqueConstraint(
                fields=["case", "role", "person"], condition=Q(until_at=None), name="seat_once_a_person"
            ),
            models.UniqueConstraint(
                fields=["case", "role", "post"], condition=Q(until_at=None), name="seat_once_a_post"
            ),
        ]

    class PersonalData:
        personal = ("person",)
        plain = ("id", "case", "post", "role", "from_at", "until_at")

    def __str__(self) -> str:
        return f"席位 {self.pk}"
