from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from accounts.demonstration import SeedCommand
from residents.demo import seed_requests


class Command(SeedCommand):
    help = "演示数据：一年的诉求，大多按时办结、有评价，也有超时、退单、重办、未评价、不受理和在办的。可重复运行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=int, default=1, help="只建每第几件（默认 1：全部）")

    def handle(self, *args: Any, **options: Any) -> None:
        made = seed_requests(at=timezone.localtime(), every=options["every"])
        self.stdout.write(f"已建立演示诉求 {made} 件。" if made else "演示诉求已经有了。")
