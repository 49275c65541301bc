from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts import demonstration

SMALL = 20
"""Of disputes and services, whose steps are all gone through one by one, a small demonstration has every 20th."""


class Command(BaseCommand):
    help = "把数据库和静态文件准备好：建表、静态文件、默认设置、街道社区；--demo 另加演示数据；--small 只加一小部分，快一些。可重复运行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true")
        parser.add_argument("--small", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["demo"] and not settings.DEMO:
            raise CommandError("--demo 要和 DEMO=1 一起用：放过演示数据的数据库不能正式运行。")
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("正在建表……")
            call_command("migrate", verbosity=0)
        self._refuse_tables_of_before()
        try:
            if options["demo"]:
                demonstration.begin(at=timezone.now())
            demonstration.check_database()
        except ImproperlyConfigured as refusal:
            raise CommandError(str(refusal)) from refusal
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_message_defaults", verbosity=0)
        call_command("load_defaults", verbosity=0)
        call_command("load_dispute_defaults", verbosity=0)
        call_command("load_volunteer_defaults", verbosity=0)
        call_command("load_meeting_defaults", verbosity=0)
        call_command("load_assessment_defaults", verbosity=0)
        call_command("seed_zhenghe", verbosity=0)
        if options["demo"]:
            every = SMALL if options["small"] else 1
            call_command("seed_requests", every=every, verbosity=0)
            call_command("seed_disputes", every=every, verbosity=0)
            call_command("seed_experts", verbosity=0)
            call_command("seed_volunteers", every=every, verbosity=0)
            call_command("seed_places", verbosity=0)
            call_command("seed_meetings", verbosity=0)
            call_command("seed_assessment", verbosity=0)
            call_command("recount", waiting=True, verbosity=0)

    def _refuse_tables_of_before(self) -> None:
        """Until the first release migrations are cut anew: then what a trial left behind has other tables."""
        wanted = {model._meta.db_table for model in apps.get_models() if model._meta.managed}
        if wanted - set(connection.introspection.table_names()):
            raise CommandError(
                f"数据库是旧版本建的，缺少现在的表。请把数据目录移开（mv {settings.DATA_DIR} {settings.DATA_DIR}.old），再启动一次。"
            )
