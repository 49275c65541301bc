from typing import Any

from django.core.management.base import BaseCommand

from volunteers.defaults import load_defaults


class Command(BaseCommand):
    help = "装入志愿服务的默认分类和时限。可重复运行，不改动已有内容。"

    def handle(self, *args: Any, **options: Any) -> None:
        load_defaults()
        self.stdout.write("志愿服务默认设置已就绪。")
