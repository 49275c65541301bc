"""The bell's other end: each task makes one call, takes ids, may run twice."""

from celery import shared_task
from django.utils import timezone

from dashboards.exports import services as exports
from dashboards.figures import counting
from dashboards.open_data import services as open_data
from dashboards.reports import services as reports


@shared_task
def count(**_: object) -> None:
    counting.count(at=timezone.now())


@shared_task
def make_exports(**_: object) -> None:
    exports.make_exports(at=timezone.now())


@shared_task
def send_reports(**_: object) -> None:
    reports.send_due(at=timezone.now())


@shared_task
def publish_open_data(**_: object) -> None:
    open_data.publish(at=timezone.now())
