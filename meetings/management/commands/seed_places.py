from typing import Any

from django.utils import timezone

from accounts.demonstration import SeedCommand
from grids.places.demo import seed_places
from meetings.activities.demo import seed_meetings


class Command(SeedCommand):
    help = "演示数据：69 个邻里服务中心、12 个议事点，以及楼栋坐标和户数、房间预约、活动。先运行 seed_zhenghe。可重复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        made = seed_places(at=at)
        seed_meetings(at=at)
        self.stdout.write(f"已建立演示阵地 {made} 个。" if made else "演示阵地已经有了。")
