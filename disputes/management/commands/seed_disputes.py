from argparse import ArgumentParser
from typing import Any

from accounts.demonstration import SeedCommand
from disputes.demo import seed_disputes


class Command(SeedCommand):
    help = "演示数据：2026 年受理 103 件、办结 99 件、成功 98 件。先运行 seed_zhenghe。可重复运行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=int, default=1, help="只建每第几件（默认 1：全部）")

    def handle(self, *args: Any, **options: Any) -> None:
        made = seed_disputes(every=options["every"])
        self.stdout.write(f"已建立演示纠纷 {made} 件。" if made else "演示纠纷已经有了。")
