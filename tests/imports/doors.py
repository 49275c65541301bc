"""An import for the walk over every door (tests/house/test_permissions.py)."""

from typing import Any

from accounts.models import User
from grids.models import Grid
from imports.models import Import
from tests.support.cast import MONDAY


def import_doors(node: Grid, owner: User) -> dict[str, Any]:
    """`owner` has brought a table in; whether they may still see what became of it is another question."""
    asked = Import.objects.create(
        person=owner,
        kind="requests",
        node=node,
        source="热线",
        name="表.csv",
        digest="x",
        asked_at=MONDAY,
        ended_at=MONDAY,
        rejects="imports/x",
    )
    kind, of_asked = {"kind": "requests"}, {"import_id": asked.pk}
    return {
        "imports:new": kind,
        "imports:sample": kind,
        **dict.fromkeys(("imports:one", "imports:confirm", "imports:take-back", "imports:rejects"), of_asked),
    }
