import unicodedata
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils import timezone

from disputes import figures


class Command(BaseCommand):
    help = "打印一年的调解统计：按类别、社区、月份。成功率 = 成功 ÷ 办结，在办的不计；没有办结的显示“—”。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, default=timezone.localdate().year)

    def handle(self, *args: Any, **options: Any) -> None:
        disputes = figures.of_year(options["year"])
        self.stdout.write(f"{options['year']} 年矛盾纠纷调解")
        for label, rows in figures.parts(disputes):
            self.stdout.write(f"\n{label}")
            self._line("", figures.HEAD)
            for row in rows:
                self._line(row.label, [cell.words for cell in row.cells])
        self.stdout.write(f"\n从登记到达成协议的天数（中位数）：{figures.days_to_settle(disputes)}")
        kept = figures.performance(disputes)
        self.stdout.write("协议履行：" + "，".join(f"{figures.KEPT[code]} {count}" for code, count in kept.items()))
        page = reverse("admin:disputes_dispute_figures")
        self.stdout.write(f"每个数背后的案件：{page}?year={options['year']}")

    def _line(self, label: str, cells: list[str]) -> None:
        self.stdout.write("  ".join([_wide(label, 22), *(_wide(cell, 12) for cell in cells)]).rstrip())


def _wide(text: str, width: int) -> str:
    """Padded to so many columns of a terminal, where a Chinese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return text + " " * (width - taken)
