"""What this room holds about who imports. Whom the tables are about stands in the rooms that took them in; here only until
the import has ended, and a week longer where a row did not go in. Registered when the app is ready."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.privacy.holdings import Holding
from imports import services
from imports.models import Import


def _imports(person: User) -> Iterator[dict[str, Any]]:
    for row in Import.objects.filter(person=person).select_related("node").order_by("pk"):
        yield {"表格": row.title, "文件名": row.name, "行数": row.row_count, "导入时间": row.asked_at}


def _end_imports(person: User, at: datetime) -> None:
    services.forget(Import.objects.filter(person=person))


HOLDINGS = (
    Holding(
        "导入的表格",
        _imports,
        _end_imports,
        about="staff who bring a table in",
        why="to take it in; it lies sealed until then, the rows that did not go in a week longer ([tables.md](tables.md))",
        erased="goes, files too; that it was brought in stays in the audit trail",
    ),
)
KEEPINGS = (services.PREVIEWS_KEPT, services.REJECTS_KEPT, services.IMPORTS_KEPT)
