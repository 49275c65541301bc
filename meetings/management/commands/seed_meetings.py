from typing import Any

from django.utils import timezone

from accounts.demonstration import SeedCommand
from meetings.conferences.demo import seed_councils
from meetings.topics.demo import seed_topics


class Command(SeedCommand):
    help = "演示数据：宜和佳苑的户册，各社区的议题、表决和公约，联席会议、一杯茶记录。先运行 seed_zhenghe、seed_places。可重复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        made = seed_topics(at=at)
        seed_councils(at=at)
        self.stdout.write(f"已建立演示议题 {made} 件。" if made else "演示议题已经有了。")
