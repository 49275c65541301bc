from typing import Any

from django.core.management.base import BaseCommand

from notices.defaults import load_defaults


class Command(BaseCommand):
    help = "放入建议的消息模板，停用着，平台审核后填编号再启用；已有的不动。可重复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        load_defaults()
