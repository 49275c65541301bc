from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.engine.checks import unsound_cases
from cases.models import Case


class Command(BaseCommand):
    help = "逐件核对：未办结的有责任人、有时限，经过连续且与状态相符。有问题则列出并以 1 退出。"

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(unsound_cases())
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} 处问题。")
        self.stdout.write(f"共 {Case.objects.count()} 件，没有问题。")
