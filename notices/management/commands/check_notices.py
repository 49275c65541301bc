from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from notices.delivery.outbox import given_up


class Command(BaseCommand):
    help = "列出多次没有送出、不再尝试的通知和原因。有则以 1 退出。"

    def handle(self, *args: Any, **options: Any) -> None:
        notices = given_up(at=timezone.now())
        for notice in notices:
            self.stdout.write(f"{notice}（{notice.kind}，{notice.dedupe_key}）：{notice.failed}")
        if notices:
            raise CommandError(f"{len(notices)} 条通知没有送出。")
        self.stdout.write("没有放弃的通知。")
