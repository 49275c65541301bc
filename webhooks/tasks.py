"""The bell's other end."""

from celery import shared_task
from django.utils import timezone

from webhooks import sending


@shared_task
def deliver(**_: object) -> None:
    sending.deliver(at=timezone.now())
