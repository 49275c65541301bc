from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from accounts.demonstration import SeedCommand
from grids.models import Grid
from volunteers.demo.people import seed_volunteers
from volunteers.demo.projects import seed_projects
from volunteers.figures.card import overview


class Command(SeedCommand):
    help = "建立志愿服务的演示数据（要先有演示的街道和小区），并报出各项数字。可重复运行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=int, default=1, help="服务只建每第几件（默认 1：全部）")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        seed_volunteers(at=at, every=options["every"])
        seed_projects(at=at)
        for figure in overview(Grid.objects.all(), at=at):
            self.stdout.write(f"{figure.label} {figure.number}")
