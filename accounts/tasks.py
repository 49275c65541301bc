"""The bell's other end."""

from celery import shared_task
from django.utils import timezone

from accounts import audit
from accounts.privacy import rights
from accounts.unsent import forms as kept_forms


@shared_task
def make_copies(**_: object) -> None:
    rights.make_copies(at=timezone.now())


@shared_task
def run_retention(**_: object) -> None:
    rights.run_retention(at=timezone.now())


@shared_task
def seal_audit(**_: object) -> None:
    audit.seal()


@shared_task
def forget_unsent(**_: object) -> None:
    kept_forms.forget_expired(at=timezone.now())
