"""The bell's other end."""

from celery import shared_task
from django.utils import timezone

from notices.delivery import outbox


@shared_task
def deliver_due(**_: object) -> None:
    outbox.deliver_due(at=timezone.now())
