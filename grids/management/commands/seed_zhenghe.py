from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from grids import demo


class Command(BaseCommand):
    help = "建立熊山街道和 12 个社区（真实区划）；--demo 另加演示网格、楼栋和人员。可重复运行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="加演示数据")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["demo"]:
            demo.seed_demo(at=timezone.now())
        else:
            demo.seed_street(at=timezone.now())
        for level, count in demo.counts().items():
            self.stdout.write(f"{level} {count}")
