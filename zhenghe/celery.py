"""The Celery app and the beat table. Tasks live in each room's tasks.py; the database is the truth, this is the bell."""

import os

from celery import Celery
from celery.schedules import crontab
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenghe.settings")

app = Celery("zhenghe")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def fill_beat_table(sender: Celery, **_: object) -> None:
    """What the bell missed is found by these."""
    sender.conf.beat_schedule = {
        "sweep-cases": {"task": "cases.tasks.sweep", "schedule": settings.SWEEP_SECONDS},
        "sweep-notices": {"task": "notices.tasks.deliver_due", "schedule": settings.SWEEP_SECONDS},
        "open-series": {"task": "volunteers.tasks.open_series", "schedule": crontab(minute="*/10")},
        "climb-calls": {"task": "volunteers.tasks.climb_calls", "schedule": settings.SWEEP_SECONDS},
        "clear-drafts": {"task": "residents.tasks.clear_drafts", "schedule": crontab(hour=3, minute=20)},
    }
