from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from cases.engine.calendar import load_days
from cases.limits.holidays import known_years
from cases.models import CalendarDay
from residents.defaults import load_defaults


class Command(BaseCommand):
    help = "装入默认的分类、派单规则、时限、不派单情形和已公布的节假日：各类为空时才装，不改动已有内容。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--missing", action="store_true", help="逐项补上缺的（改过名、删掉的也会回来），例如新版本增加的"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        load_defaults(missing=options["missing"])
        if not CalendarDay.objects.exists():
            load_days(days=known_years(), at=timezone.now())
        self.stdout.write("默认设置已就绪。")
