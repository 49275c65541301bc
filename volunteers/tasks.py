"""The bell's other end: each task makes one call, may run twice."""

from celery import shared_task
from django.utils import timezone

from volunteers.services import callouts, expiry, series


@shared_task
def open_series(**_: object) -> None:
    series.open_due(at=timezone.now())


@shared_task
def climb_calls(**_: object) -> None:
    callouts.climb_due(at=timezone.now())


@shared_task
def expire_points(**_: object) -> None:
    expiry.run(at=timezone.now())
