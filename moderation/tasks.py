"""The bell's other end."""

from celery import shared_task
from django.utils import timezone

from moderation import checking


@shared_task
def check_due(**_: object) -> None:
    checking.check_due(at=timezone.now())
