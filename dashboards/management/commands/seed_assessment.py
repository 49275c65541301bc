from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from dashboards.assessments.demo import seed_assessment


class Command(BaseCommand):
    help = "演示数据：熊山街道上季度的小区考核（已公布，有整顿提升）和片区拉练（得分已核定）。先运行 seed_zhenghe。可重复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        made = seed_assessment(at=timezone.now())
        self.stdout.write(f"已建立演示考核 {made} 期。" if made else "演示考核已经有了，或者还没有演示网格。")
