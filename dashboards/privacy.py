"""What this room holds about people: who is sent which report, and who took out which list. Registered when the app is
ready."""

from accounts.privacy.holdings import Holding
from accounts.privacy.rows import deleted, rows_of
from dashboards.exports import services as exports
from dashboards.models import Export, Subscription
from dashboards.reports import services as reports

HOLDINGS = (
    Holding(
        "报告订阅",
        rows_of(Subscription, "person", ("哪里", "place_name"), "code", "mail", "from_date", joins=("node",)),
        deleted(Subscription, "person"),
        about="staff who have reports sent to them",
        why="to send them, by mail to the address they gave and confirmed",
        erased="goes",
    ),
    Holding(
        "导出的清单",
        rows_of(Export, "person", ("清单", "title"), "row_count", "asked_at", joins=("node",)),
        deleted(Export, "person"),
        about="staff who took out a list",
        why="the file is for them alone; what it holds they may read anyway ([reports.md](rooms/reports.md))",
        erased="goes, the file too; that it was fetched stays in the audit trail",
    ),
)
KEEPINGS = (exports.KEEPING, reports.KEEPING)
