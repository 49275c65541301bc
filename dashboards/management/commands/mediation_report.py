import unicodedata
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils import timezone

from dashboards.figures.areas import Area
from dashboards.figures.periods import Period
from dashboards.mediation.table import table


class Command(BaseCommand):
    help = "打印一年的调解统计：按类别、社区、月份。成功率 = 成功 ÷ 办结，在调的不计；没有办结的显示“—”。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, default=timezone.localdate().year)

    def handle(self, *args: Any, **options: Any) -> None:
        shown = table(Area((None,)), Period.of("year", date(options["year"], 1, 1)))
        self.stdout.write(f"{shown.year} 年矛盾纠纷调解")
        for part in shown.parts:
            self.stdout.write(f"\n{part.label}")
            self._line("", [label for label, _ in shown.head])
            for row in part.rows:
                self._line(row.label, row.words)
        self.stdout.write(f"\n从登记到达成协议的天数（中位数）：{shown.days_to_settle}")
        self.stdout.write("协议履行：" + "，".join(f"{label} {count}" for label, count, _ in shown.kept))
        self.stdout.write(f"每个数背后的案件：{reverse('dashboards:mediation')}?year={shown.year}")

    def _line(self, label: str, cells: list[str]) -> None:
        self.stdout.write("  ".join([_wide(label, 22), *(_wide(cell, 12) for cell in cells)]).rstrip())


def _wide(text: str, width: int) -> str:
    """Padded to so many columns of a terminal, where a Chinese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return text + " " * (width - taken)
