"""What this room holds about who imports. Whom the tables are about stands in the rooms that took them in; here only until
the import has ended, and a week longer where a row did not go in. Registered when the app is ready."""

from datetime import datetime

from accounts.models import User
from accounts.privacy.holdings import Holding
from accounts.privacy.rows import rows_of
from imports import services
from imports.models import Import


def _end_imports(person: User, at: datetime) -> None:
    services.forget(Import.objects.filter(person=person))


HOLDINGS = (
    Holding(
        "导入的表格",
        rows_of(Import, "person", ("表格", "title"), "name", "row_count", "asked_at", joins=("node",)),
        _end_imports,
        about="staff who bring a table in",
        why="to take it in; it lies sealed until then, the rows that did not go in a week longer ([tables.md](tables.md))",
        erased="goes, files too; that it was brought in stays in the audit trail",
    ),
)
KEEPINGS = (services.PREVIEWS_KEPT, services.REJECTS_KEPT, services.IMPORTS_KEPT)
