from celery import shared_task
from django.utils import timezone

from disputes.services import keeping


@shared_task
def remind_of_confirmation(**_: object) -> None:
    keeping.remind_of_confirmation(at=timezone.now())
