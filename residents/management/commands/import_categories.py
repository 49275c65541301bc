from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone
from tqdm import tqdm

from cases.categories.tree import left_over, replace_tree
from cases.models import Category
from residents.defaults import KIND
from residents.imports.requests import category_rows


class Command(BaseCommand):
    help = (
        "导入诉求分类（每级一列，最多三级），整表代替原来的分类：表里没有的停用，“对应原分类”写明的转到新分类。"
        "有一行读不了就整个不导入；同一张表再导一次没有变化。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        known = set(Category.objects.filter(kind=KIND).values_list("path", flat=True))
        try:
            read = tqdm(category_rows(options["file"], known=known), unit="行", desc=options["file"].name, disable=None)
            rows = list(read)
            done = replace_tree(kind=KIND, rows=rows, at=timezone.now())
        except ValidationError as refusal:
            raise CommandError("\n".join(refusal.messages)) from refusal
        self.stdout.write(f"共 {len(rows)} 行，{done.words}")
        for note in done.notes:
            self.stdout.write(note)
        if left := left_over(Q(kind=KIND)):
            self.stdout.write("这些分类已停用，还有内容在用，请改用新分类，或在表里写明“对应原分类”再导一次：")
            self.stdout.write("\n".join(left))
