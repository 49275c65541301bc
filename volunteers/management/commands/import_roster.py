from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from tables.rejects import write_rejects
from volunteers.roster.reading import import_roster


class Command(BaseCommand):
    help = "导入单位人员名单（CSV、XLSX、XLS、ODS，可为 .gz）。读不了的行写入退件表并说明原因，其余照常导入；重复运行不会重复导入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--rejects", type=Path, help="退件表路径；默认在原文件名后加 .rejects.csv，写到当前目录")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            report = import_roster(
                file=path, at=timezone.now(), progress=lambda rows: tqdm(rows, unit="行", desc=path.name, disable=None)
            )
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(
            f"共 {report.rows} 行：新增 {report.imported}，以前已导入 {report.known}，退件 {len(report.rejects)}。"
        )
        if report.rejects:
            rejects = options["rejects"] or Path(f"{path.name}.rejects.csv")
            write_rejects(rejects, report)
            self.stdout.write(f"退件及原因见 {rejects}")
