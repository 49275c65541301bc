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
from disputes.models.paper import Exhibit, IssuedPaper, Signature
from disputes.models.party import MediatorRequest, Party, PrivateNote, Recusal, Side, Will
from disputes.models.session import Session

__all__ = [
    "Agreement",
    "Assent",
    "Clause",
    "Difficulty",
    "Dispute",
    "DisputeType",
    "Exhibit",
    "Form",
    "Guidance",
    "IssuedPaper",
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
    "Signature",
    "Source",
    "Visit",
    "Will",
]
