from celery import shared_task
from django.utils import timezone

from residents import drafts


@shared_task
def clear_drafts(**_: object) -> None:
    drafts.clear_old(at=timezone.now())
