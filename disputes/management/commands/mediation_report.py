import unicodedata
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from disputes import figures


class Command(BaseCommand):
    help = "打印一年的调解统计：按类别、社区、月份。成功率 = 成功 ÷ 办结，在办的不计；没有办结的显示“—”。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, default=timezone.localdate().year)

    def handle(self, *args: Any, **options: Any) -> None:
        found = figures.of_year(options["year"])
        parts = {
            "合计": [figures.total(found)],
            "按类别": figures.by_type(found),
            "按社区": figures.by_community(found),
            "按月份": figures.by_month(found),
        }
        self.stdout.write(f"{options['year']} 年矛盾纠纷调解")
        for label, rows in parts.items():
            self.stdout.write(f"\n{label}")
            for line in figures.table(rows):
                self.stdout.write("  ".join([_wide(line[0], 22), *(_wide(cell, 8) for cell in line[1:])]).rstrip())
        self.stdout.write(f"\n从登记到达成协议的天数（中位数）：{figures.days_to_settle(found)}")
        kept = figures.performance(found)
        self.stdout.write("协议条款：" + "，".join(f"{label} {count}" for label, count in kept.items()))


def _wide(text: str, width: int) -> str:
    """Padded to so many columns of a terminal, where a Chinese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return text + " " * (width - taken)
