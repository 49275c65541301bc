from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from accounts.demonstration import SeedCommand
from volunteers.demo.people import seed_volunteers
from volunteers.demo.projects import seed_projects


class Command(SeedCommand):
    help = "建立志愿服务的演示数据（要先有演示的街道和小区）。可重复运行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=int, default=1, help="服务只建每第几件（默认 1：全部）")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        seed_volunteers(at=at, every=options["every"])
        seed_projects(at=at)
