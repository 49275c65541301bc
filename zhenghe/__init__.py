"""The roof: settings, wiring and the pages that belong to no room. Imports every room; nobody imports it."""

from zhenghe.celery import app as celery_app

__all__ = ["celery_app"]
