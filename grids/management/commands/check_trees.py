from typing import Any

from django.core.management.base import BaseCommand, CommandError

from grids.models import Grid
from grids.tree import problems


class Command(BaseCommand):
    help = "逐个核对网格树：lft/rght、层级与上级一致。有问题则列出并以 1 退出。"

    def handle(self, *args: Any, **options: Any) -> None:
        found = problems()
        for problem in found:
            self.stdout.write(problem)
        if found:
            raise CommandError(f"{len(found)} 处问题。")
        self.stdout.write(f"共 {Grid.objects.count()} 个网格，没有问题。")
