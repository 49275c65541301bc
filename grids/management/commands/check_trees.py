from typing import Any

from django.core.management.base import BaseCommand, CommandError

from grids.models import Grid, Territory
from grids.territory import tree as territory_tree
from grids.tree import services as tree


class Command(BaseCommand):
    help = "逐个核对网格树和五长树：lft/rght、层级与上级一致。有问题则列出并以 1 退出。"

    def handle(self, *args: Any, **options: Any) -> None:
        problems = [*tree.problems(), *territory_tree.problems()]
        for problem in problems:
            self.stdout.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} 处问题。")
        self.stdout.write(f"共 {Grid.objects.count()} 个网格、{Territory.objects.count()} 个五长片区，没有问题。")
