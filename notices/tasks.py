"""The bell's other end."""

from celery import shared_task
from django.utils import timezone

from notices import services


@shared_task
def deliver_due(**_: object) -> None:
    services.deliver_due(at=timezone.now())
