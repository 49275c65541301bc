"""A database of a bench's own, made before it and dropped after it."""

import os
from typing import Any

from django.conf import settings


def own(name: str, *commands: str) -> None:
    """Makes it, a demonstration's, and runs these commands in it."""
    from django.db import connection
    from django.utils import timezone

    from accounts import demonstration
    from tests.services import migrated

    template = os.environ.get("TEST_TEMPLATE") or migrated(os.environ["DATABASE_URL"], dict(os.environ))
    copy(template, name)
    use(name)
    demonstration.begin(at=timezone.now())
    for command in commands:
        run(command)
    connection.close()


def copy(template: str, name: str) -> None:
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = "postgres"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


def use(name: str) -> None:
    """This process's database from now on."""
    from django.db import connection

    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def run(command: str, **options: Any) -> None:
    from django.core.management import call_command

    with open(os.devnull, "w") as nowhere:
        call_command(command, verbosity=0, stdout=nowhere, **options)


def drop(name: str) -> None:
    from django.db import connection

    use("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
