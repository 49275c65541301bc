from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from disputes.imports.mediations import import_mediations
from grids.models import Grid, Level


class Command(BaseCommand):
    help = "导入以往的调解（JSON 行，可为 .gz），按对话的结局走完流程。重复运行不会重复导入；读不了的行列出原因。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--grid", type=int, help="记在哪个网格（编号）；默认第一个有党小组的小区")

    def handle(self, *args: Any, **options: Any) -> None:
        nodes = Grid.objects.current()
        if options["grid"]:
            node = nodes.filter(pk=options["grid"]).first()
        else:
            node = nodes.filter(level=Level.GROUP).order_by("tree_id", "lft").first()
        if node is None:
            raise CommandError("没有这个网格，请先建网格（manage.py seed_zhenghe）。")
        path: Path = options["file"]
        report = import_mediations(
            path=path,
            node=node,
            at=timezone.now(),
            progress=lambda rows: tqdm(rows, unit="件", desc=path.name, disable=None),
        )
        self.stdout.write(
            f"新增 {report.imported}（达成协议 {report.settled}，看不出结果 {len(report.unknown)}），"
            f"以前已导入 {report.known}，读不了 {len(report.rejects)}。"
        )
        if report.unknown:
            lines = "、".join(map(str, report.unknown))
            self.stdout.write(f"看不出结果的仍在调解中，请核对原卷后登记：第 {lines} 行。")
        for number, why in report.rejects:
            self.stdout.write(f"  第 {number} 行：{why}")
