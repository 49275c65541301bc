from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from tqdm import tqdm

from cases.models import Category
from residents.defaults import ensure_category
from residents.imports import category_paths


class Command(BaseCommand):
    help = "导入诉求分类（每级一列，最多三级）。已有的不变；有一行读不了就整个不导入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        before = Category.objects.count()
        try:
            with transaction.atomic():
                rows = list(category_paths(options["file"]))
                for _, path in tqdm(rows, unit="行", desc=options["file"].name, disable=None):
                    ensure_category(path)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"共 {len(rows)} 行，新增分类 {Category.objects.count() - before} 个。")
