"""What telling somebody cannot be cheaper than: a task of Celery that asks the gateway, and nothing else. Run as a worker:
celery -A bench.costs.pipeline worker"""

import os

import requests
from celery import Celery

NAME = "bare.tell"


def app_at(broker: str) -> Celery:
    app = Celery("bare", broker=broker)
    app.conf.update(task_ignore_result=True, worker_prefetch_multiplier=1, task_acks_late=True)
    return app


app = app_at(os.environ.get("BARE_BROKER", "memory://"))


@app.task(name=NAME)
def tell(gateway: str, phone: str) -> None:
    requests.post(gateway, data={"PhoneNumbers": phone, "TemplateParam": "{}"}, timeout=5)
