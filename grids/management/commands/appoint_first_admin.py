from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from grids.models import Post
from grids.posts.services import appoint_by_phone

ROLE = "county_admin"


class Command(BaseCommand):
    help = "任命第一位县级管理员：手机号、姓名。其余人员由其在管理后台任命。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("phone", help="手机号")
        parser.add_argument("name", help="姓名；号码已登记的，姓名不变")
        parser.add_argument("--again", action="store_true", help="已有县级管理员在任，仍再任命一位")

    def handle(self, *args: Any, **options: Any) -> None:
        in_post = Post.objects.held_at(timezone.now()).filter(role=ROLE).select_related("person").first()
        if in_post is not None and not options["again"]:
            raise CommandError(f"已有县级管理员在任（{in_post.person.name}），请由其任命；确需再任命一位，加 --again。")
        try:
            post = appoint_by_phone(
                phone=options["phone"], name=options["name"], role=ROLE, grid=None, from_at=timezone.now()
            )
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"已任命县级管理员 {post.person}。请在登录页用手机号和短信验证码登录。")
