from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.models import Demonstration
from grids import demo


class Command(BaseCommand):
    help = "建立熊山街道和 12 个社区（真实区划）；演示数据库里另有小区、党小组、网格、楼栋和人员。可重复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        seed = demo.seed_demo if Demonstration.objects.exists() else demo.seed_street
        seed(at=timezone.now())
        for level, count in demo.counts().items():
            self.stdout.write(f"{level} {count}")
