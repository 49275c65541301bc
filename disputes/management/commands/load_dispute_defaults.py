from typing import Any

from django.core.management.base import BaseCommand

from disputes.defaults.loading import load_defaults


class Command(BaseCommand):
    help = "装入矛盾纠纷的默认类别、时限、派单规则、不予受理情形和其他解决途径。可重复运行，不改动已有内容。"

    def handle(self, *args: Any, **options: Any) -> None:
        load_defaults()
        self.stdout.write("矛盾纠纷的默认设置已就绪。")
