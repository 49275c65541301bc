"""The Celery app and the beat table. Tasks live in each room's tasks.py; the database is the truth, this is the bell."""

import os
import sys

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging, worker_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from zhenghe import redis_transport

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenghe.settings")

redis_transport.register()
app = Celery("zhenghe", amqp=redis_transport.Ways)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def begin_to_work(**_: object) -> None:
    # Both have models: Django has its rooms by now.
    from accounts.demonstration import check_database
    from operations.heartbeats import WorkerAlive
    from zhenghe.checks import refuse_without_sender

    app.steps["consumer"].add(WorkerAlive)
    try:
        check_database()
        refuse_without_sender()
    except ImproperlyConfigured as refusal:
        sys.exit(str(refusal))  # Celery logs what else a receiver raises, and goes on


@setup_logging.connect
def log_as_the_web_does(**_: object) -> None:
    """Celery keeps its hands off: Django has set the log up from settings.LOGGING."""


@app.on_after_configure.connect
def fill_beat_table(sender: Celery, **_: object) -> None:
    """What the bell missed is found by these."""
    sender.conf.beat_schedule = {
        "sweep-cases": {"task": "cases.tasks.sweep", "schedule": settings.SWEEP_SECONDS},
        "sweep-photos": {"task": "cases.tasks.make_photos", "schedule": settings.SWEEP_SECONDS},
        "sweep-notices": {"task": "notices.tasks.deliver_due", "schedule": settings.SWEEP_SECONDS},
        "seal-audit": {"task": "accounts.tasks.seal_audit", "schedule": settings.SWEEP_SECONDS},
        "sweep-copies": {"task": "accounts.tasks.make_copies", "schedule": settings.SWEEP_SECONDS},
        "forget-unsent": {"task": "accounts.tasks.forget_unsent", "schedule": crontab(minute=25)},
        "run-retention": {"task": "accounts.tasks.run_retention", "schedule": crontab(hour=3, minute=40)},
        "remove-lost-files": {"task": "cases.tasks.remove_lost_files", "schedule": crontab(hour=3, minute=50)},
        "remind-of-confirmation": {
            "task": "disputes.tasks.remind_of_confirmation",
            "schedule": crontab(hour=8, minute=40),
        },
        "open-series": {"task": "volunteers.tasks.open_series", "schedule": crontab(minute="*/10")},
        "climb-calls": {"task": "volunteers.tasks.climb_calls", "schedule": settings.SWEEP_SECONDS},
        "expire-points": {"task": "volunteers.tasks.expire_points", "schedule": crontab(hour=0, minute=20)},
        "check-words": {"task": "moderation.tasks.check_due", "schedule": settings.SWEEP_SECONDS},
        "mix-urns": {"task": "meetings.tasks.mix_urns", "schedule": settings.SWEEP_SECONDS},
        "run-imports": {"task": "imports.tasks.run_imports", "schedule": settings.SWEEP_SECONDS},
        "count-figures": {"task": "dashboards.tasks.count", "schedule": settings.SWEEP_SECONDS},
        "make-exports": {"task": "dashboards.tasks.make_exports", "schedule": settings.SWEEP_SECONDS},
        # Of the day, week, month or quarter that is over, from 7:30 on; what a night without power missed, soon after.
        "send-reports": {"task": "dashboards.tasks.send_reports", "schedule": crontab(minute="*/10")},
        "publish-open-data": {"task": "dashboards.tasks.publish_open_data", "schedule": crontab(hour=4, minute=10)},
        "deliver-webhooks": {"task": "webhooks.tasks.deliver", "schedule": settings.SWEEP_SECONDS},
        "clear-drafts": {"task": "residents.tasks.clear_drafts", "schedule": crontab(hour=3, minute=20)},
    }
