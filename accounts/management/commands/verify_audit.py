from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import audit
from accounts.models import AuditLine


class Command(BaseCommand):
    help = "核对审计记录：逐行验封签，有一行被改动、删去或插入就指出来并以 1 退出。最后打印末行，可留作下次核对。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--expect", default="", help="上次打印的末行（序号:封签），核对它还在")

    def handle(self, *args: Any, expect: str, **options: Any) -> None:
        number, _, seal = expect.partition(":")
        if expect and not number.isdecimal():
            raise CommandError("--expect 应为“序号:封签”，照抄上次打印的末行。")
        audit.seal()
        problems = list(audit.problems(at=timezone.now(), expected=audit.Head(int(number), seal) if expect else None))
        for problem in problems:
            self.stdout.write(problem)
        self.stdout.write(f"末行 {audit.head()}")
        if problems:
            raise CommandError(f"{len(problems)} 处问题。")
        self.stdout.write(f"共 {AuditLine.objects.count()} 行，没有问题。")
