"""The asker's word: five stars as GB/T 39735 has them, and whether the matter is solved. Once a case."""

from django.db import models
from django.db.models import Q

from cases.models.case import Case


class Score(models.IntegerChoices):
    VERY_GOOD = 5, "非常满意"
    GOOD = 4, "满意"
    FAIR = 3, "基本满意"
    BAD = 2, "不满意"
    VERY_BAD = 1, "非常不满意"


class Rating(models.Model):
    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="rating", verbose_name="事项")
    score = models.PositiveSmallIntegerField("满意度", choices=Score)
    is_solved = models.BooleanField("已解决")
    rated_at = models.DateTimeField("评价时间")

    class Meta:
        verbose_name = "评价"
        verbose_name_plural = "评价"
        constraints = [
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="score_one_to_five"),
        ]

    class PersonalData:
        personal = ()
        plain = ("case", "score", "is_solved", "rated_at")

    def __str__(self) -> str:
        return f"评价 {self.pk}"
