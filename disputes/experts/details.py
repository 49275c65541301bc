"""What of a consultation one reader sees on its page: the two all of it, the community's desk field and time."""

from datetime import datetime
from typing import Any

from accounts.models import User
from cases.engine.access import standing_of
from cases.models import Case
from cases.workflow import ASKER, EXPERT
from disputes.experts.facts import facts_of_consultation
from disputes.experts.services.threads import TWO
from disputes.models import Result


def details(*, case: Case, reader: User, at: datetime) -> dict[str, Any]:
    standing = standing_of(reader, case, at=at)
    is_ours = bool(standing & TWO)
    consultation = case.consultation
    booking = facts_of_consultation(case).booking
    proposals = consultation.proposals.exclude(dispute=None).select_related("dispute") if is_ours else ()
    return {
        "is_ours": is_ours,
        "is_expert": EXPERT in standing,
        "expert": consultation.expert if booking or case.finished_at else None,
        "booking": booking,
        "field": consultation.field.name,
        "matter": consultation.matter if is_ours else "",
        "result": str(Result(case.outcome).label) if case.outcome else "",
        "has_thread": is_ours and case.state in ("agreed", "talking", "rating", "archived"),
        "disputes": [proposal.dispute for proposal in proposals] if ASKER in standing else [],
        "score": consultation.score if is_ours else None,
        "advice": consultation.advice if is_ours else "",
    }
