"""A database of a bench's own, made before it and dropped after it."""

import os
from collections.abc import Sequence

from django.conf import settings


def own(name: str, *commands: str) -> None:
    """Makes it, and runs these commands in it."""
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    call_command("migrate", verbosity=0)
    _run(commands)


def _run(commands: Sequence[str]) -> None:
    from django.core.management import call_command

    with open(os.devnull, "w") as nowhere:
        for command in commands:
            call_command(command, verbosity=0, stdout=nowhere)


def drop(name: str) -> None:
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = "postgres"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
