from disputes.models.agreement import Agreement, Assent, Clause, Form, Performance, Visit
from disputes.models.dispute import (
    Difficulty,
    Dispute,
    DisputeType,
    Guidance,
    JudicialType,
    Method,
    Outcome,
    Reason,
    Scale,
    Source,
)
from disputes.models.party import MediatorRequest, Party, PrivateNote, Recusal, Side, Will
from disputes.models.session import Session

__all__ = [
    "Agreement",
    "Assent",
    "Clause",
    "Difficulty",
    "Dispute",
    "DisputeType",
    "Form",
    "Guidance",
    "JudicialType",
    "MediatorRequest",
    "Method",
    "Outcome",
    "Party",
    "Performance",
    "PrivateNote",
    "Reason",
    "Recusal",
    "Scale",
    "Session",
    "Side",
    "Source",
    "Visit",
    "Will",
]
