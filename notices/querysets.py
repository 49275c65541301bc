from datetime import datetime
from typing import Any

from django.db import models

from notices.texts import SITE, kinds_off


class NoticeQuerySet(models.QuerySet[Any]):
    def on_site(self) -> "NoticeQuerySet":
        """What people read here: a link that proves an address goes by mail alone."""
        return self.exclude(kind__in=kinds_off(SITE))


class DeliveryQuerySet(models.QuerySet[Any]):
    def within(self, begin: datetime, end: datetime) -> "DeliveryQuerySet":
        return self.filter(at__gte=begin, at__lt=end)
