from typing import Any

from django.utils import timezone

from accounts.demonstration import SeedCommand
from disputes.experts.demo import seed_experts


class Command(SeedCommand):
    help = "演示数据：18 位专家和他们今后两周的时段。先运行 seed_zhenghe。可重复运行，以后再运行会补上新的两周。"

    def handle(self, *args: Any, **options: Any) -> None:
        made = seed_experts(at=timezone.now())
        self.stdout.write(f"新开放 {made} 个时段。" if made else "时段已经齐了。")
