"""Objects for the walk over every door of reports, exports and open data (tests/house/test_permissions.py), at the case's grid."""

from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.core.signing import dumps

from accounts.models import User
from dashboards.figures.periods import Period
from dashboards.models import Export, Report, Subscription
from dashboards.reports.content import content_of
from grids.models import Grid
from tests.support.cast import MONDAY


def report_doors(grid: Grid, owner: User) -> dict[str, Any]:
    """`owner` asked for the export and is sent the report; whether they may still read it is another question."""
    report = Report.objects.create(
        node=grid,
        code="month",
        first=date(2026, 10, 1),
        made_at=MONDAY,
        place=grid.name,
        content=content_of(grid, Period.of("month", date(2026, 10, 1)), at=MONDAY),
    )
    Subscription.objects.create(person=owner, node=grid, code="month", from_date=date(2026, 10, 1))
    export = Export(
        person=owner,
        node=grid,
        measure="opened",
        code="month",
        first=date(2026, 11, 1),
        label="登记",
        row_count=1,
        asked_at=MONDAY,
        ready_at=MONDAY,
        ended_at=MONDAY,
    )
    export.file.save("list.xlsx", ContentFile(b"x"), save=False)
    export.save()
    node, county = {"node_id": grid.pk}, dict[str, Any]()
    doors: dict[str, dict[str, Any]] = {
        "report": node, "report-file": {**node, "form": "xlsx"}, "report-subscribe": node, "report-county": county,
        "report-file-county": {"form": "xlsx"}, "report-subscribe-county": county,
        "report-kept": {"report_id": report.pk}, "report-kept-file": {"report_id": report.pk, "form": "xlsx"},
        "report-mail-confirm": {"code": dumps([owner.pk, "x"])}, "reports": county, "exports": county,
        "export-one": {"export_id": export.pk}, "export-file": {"export_id": export.pk},
        "export": {**node, "measure": "opened"}, "export-county": {"measure": "opened"},
        "open-data": county, "open-data-file": {"dataset": "monthly", "form": "csv"},
    }  # fmt: skip
    return {f"dashboards:{name}": arguments for name, arguments in doors.items()}
