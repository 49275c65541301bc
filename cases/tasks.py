"""The bell's other end: each task makes one call, takes ids, may run twice."""

from celery import shared_task
from django.utils import timezone

from cases import escalation, services
from cases.attachments import large as large_photos
from photos import lost as lost_files


@shared_task
def route(*, case_id: int, **_: object) -> None:
    services.route(case_id=case_id, at=timezone.now())


@shared_task
def sweep(**_: object) -> None:
    escalation.sweep(at=timezone.now())


@shared_task
def make_photos(**_: object) -> None:
    large_photos.make_due(at=timezone.now())


@shared_task
def remove_lost_files(**_: object) -> None:
    lost_files.remove(at=timezone.now())
