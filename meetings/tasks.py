"""The bell's other end."""

from celery import shared_task
from django.utils import timezone

from meetings.votes import counts


@shared_task
def mix_urns(**_: object) -> None:
    counts.mix_urns(at=timezone.now())
