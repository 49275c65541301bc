from typing import Any

from django.core.management.base import BaseCommand

from grids.demo import PASSWORD, sign_ins


class Command(BaseCommand):
    help = "列出演示账号：每类人员一个。"

    def handle(self, *args: Any, **options: Any) -> None:
        for label, person in sign_ins():
            how = f"密码 {PASSWORD}" if person.has_usable_password() else "短信验证码（显示在页面上）"
            how += "，动态码显示在页面上" if person.is_staff else ""
            self.stdout.write(f"  {label:　<8}{person.phone}  {person.name:　<4}  {how}")
