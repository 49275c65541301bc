from typing import Any

from django.utils import timezone

from accounts.demonstration import SeedCommand
from dashboards.assessments.demo import seed_assessment


class Command(SeedCommand):
    help = "演示数据：熊山街道上季度的小区考核（已公布，有整顿提升）和片区拉练（得分已核定）。先运行 seed_zhenghe。可重复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        made = seed_assessment(at=timezone.now())
        self.stdout.write(f"已建立演示考核 {made} 期。" if made else "演示考核已经有了。")
