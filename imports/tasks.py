"""The bell's other end: each task makes one call, takes ids, may run twice."""

from celery import shared_task
from django.utils import timezone

from imports import services


@shared_task
def run_imports(**_: object) -> None:
    services.run_imports(at=timezone.now())
