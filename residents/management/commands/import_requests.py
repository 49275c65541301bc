from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from grids.county.divisions import XIONGSHAN
from grids.models import Grid
from residents.imports.requests import SORTING, import_requests
from tables.rejects import write_rejects


class Command(BaseCommand):
    help = "导入诉求（CSV、XLSX、XLS、ODS，可为 .gz）。读不了的行写入退件表并说明原因，其余照常导入；重复运行不会重复导入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="", help="来源名称，与编号一起判断是否已导入；默认为文件名")
        parser.add_argument("--grid", default=XIONGSHAN, help="没写地点的行归到哪里（区划代码）")
        parser.add_argument("--rejects", type=Path, help="退件表路径；默认在原文件名后加 .rejects.csv，写到当前目录")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        place = Grid.objects.current().filter(code=options["grid"]).first()
        if place is None:
            raise CommandError(f"没有代码为 {options['grid']} 的网格，请先运行 manage.py seed_zhenghe。")
        try:
            report = import_requests(
                file=path,
                source=options["source"] or path.name,
                default_place=place,
                at=timezone.now(),
                progress=lambda rows: tqdm(rows, unit="行", desc=path.name, disable=None),
            )
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(
            f"共 {report.rows} 行：新增 {report.imported}，以前已导入 {report.known}，退件 {len(report.rejects)}。"
            f"新增的有 {report.goes_to[SORTING]} 件待分拣。"
        )
        if report.rejects:
            rejects = options["rejects"] or Path(f"{path.name}.rejects.csv")
            write_rejects(rejects, report)
            self.stdout.write(f"退件及原因见 {rejects}")
