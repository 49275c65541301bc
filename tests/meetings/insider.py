"""What somebody reads who may read everything: every row of every table in the order in which it lies there, the
transaction that wrote it, whatever the server's own keys open in it, every statement, and the table's very file."""

import json
import re
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken
from django.db import connection

from accounts.personal_data import ENCRYPTED, unseal

TOKEN = re.compile(rf"(?:{ENCRYPTED})?gAAAA[\w=-]+")
"""A text that is sealed with the server's keys (Fernet)."""
CHANCE = re.compile(r"\\\\x[0-9a-f]+|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|'\\x[0-9a-f]+'::bytea|s\d+_x\d+")
"""Sealed bytes, random keys, names of savepoints: other ones each time."""


@dataclass(frozen=True)
class Row:
    table: str
    xmin: int
    """The transaction that wrote it."""
    columns: dict[str, Any]

    @property
    def readable(self) -> str:
        return TOKEN.sub(lambda token: _opened(token[0]), json.dumps(self.columns, ensure_ascii=False))


def _opened(token: str) -> str:
    try:
        return unseal(token.removeprefix(ENCRYPTED))
    except InvalidToken:
        return token


def every_row(prefix: str = "") -> list[Row]:
    """Of the tables whose name begins with `prefix`, each in the order of its file."""
    rows = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        for table in [name for (name,) in cursor.fetchall() if name.startswith(prefix)]:
            cursor.execute(f'SELECT xmin::text::bigint, to_jsonb(t)::text FROM "{table}" t ORDER BY ctid')
            rows += [Row(table, xmin, json.loads(columns)) for xmin, columns in cursor.fetchall()]
    return rows


def picture(prefix: str = "") -> list[tuple[str, int, str]]:
    """All there is to see, chance left out: each row's table, which of the transactions wrote it, and what is readable."""
    rows = every_row(prefix)
    order = {xmin: number for number, xmin in enumerate(sorted({row.xmin for row in rows}))}
    return [(row.table, order[row.xmin], CHANCE.sub("*", row.readable)) for row in rows]


def without_chance(statement: str) -> str:
    return CHANCE.sub("*", statement)


def files_of(table: str) -> bytes:
    """What stands in the files of a table and its indexes, rows that were deleted too."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")  # from memory to the file
        cursor.execute(
            "SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class WHERE oid = %s::regclass "
            "UNION ALL SELECT pg_read_binary_file(pg_relation_filepath(indexrelid)) FROM pg_index "
            "WHERE indrelid = %s::regclass",
            [table, table],
        )
        return b"".join(bytes(content) for (content,) in cursor.fetchall())
