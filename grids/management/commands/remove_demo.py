from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from grids.demo import remove_demo


class Command(BaseCommand):
    help = "移除全部演示数据（事项、人员、任职、楼栋、网格），保留真实的街道和社区。"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            remove_demo()
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write("演示数据已移除。")
