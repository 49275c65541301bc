from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from dashboards.assessments.defaults import load_defaults


class Command(BaseCommand):
    help = "考核的默认指标体系：近邻党建季度拉练、小区考核，已有的不动。可重复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        load_defaults(at=timezone.now())
