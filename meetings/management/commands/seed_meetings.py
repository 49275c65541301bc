from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from meetings.topic_demo import seed_topics


class Command(BaseCommand):
    help = "演示数据：宜和佳苑的户册，各社区的议题、表决和公约。先运行 seed_zhenghe、seed_places。可重复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        made = seed_topics(at=timezone.now())
        self.stdout.write(f"已建立演示议题 {made} 件。" if made else "演示议题已经有了，或者还没有演示网格。")
