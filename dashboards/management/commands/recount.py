from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dashboards.figures.counting import LARGE_STEP, count, mark_all
from dashboards.figures.proof import differences


class Command(BaseCommand):
    help = "把所有事项、队伍、阵地等重新统计一遍；--verify 只核对：从原始记录重算，与汇总逐项比较，有出入以 1 退出。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--verify", action="store_true")
        parser.add_argument("--waiting", action="store_true", help="只处理排队等统计的")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        if options["verify"]:
            if problems := differences(at=at):
                raise CommandError("\n".join(["汇总与原始记录不一致：", *problems[:50], f"共 {len(problems)} 处"]))
            self.stdout.write("汇总与原始记录一致。")
            return
        if not options["waiting"]:
            mark_all()
        self.stdout.write(f"已统计 {count(at=at, step=LARGE_STEP, wait=True)} 项。")
