from typing import Any

from django.core.management.base import BaseCommand

from meetings.defaults import load_defaults


class Command(BaseCommand):
    help = "阵地功能和活动类型的默认设置，已有的不动。可重复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        load_defaults()
