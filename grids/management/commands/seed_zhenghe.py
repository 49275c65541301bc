from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from grids import demo


class Command(BaseCommand):
    help = "建立熊山街道和 12 个社区（真实区划），以及演示用的小区、党小组、网格、楼栋和人员。可重复运行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="只建真实的街道和社区")

    def handle(self, *args: Any, **options: Any) -> None:
        seed = demo.seed_street if options["no_demo"] else demo.seed_demo
        seed(at=timezone.now())
        for level, count in demo.counts().items():
            self.stdout.write(f"{level} {count}")
