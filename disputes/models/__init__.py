from disputes.models.agreement import Agreement, Assent, Clause, Form, Performance, PerformanceSaid, Visit
from disputes.models.consultation import Booking, Consultation, Message, MessageFile, Proposal, Result
from disputes.models.dispute import (
    Difficulty,
    Dispute,
    DisputeType,
    Guidance,
    JudicialType,
    Method,
    Outcome,
    PlainKind,
    Reason,
    Scale,
    Source,
)
from disputes.models.expert import Expert, ExpertField, ExpertKind, Slot, Training
from disputes.models.file_number import FileNumber
from disputes.models.paper import Exhibit, IssuedPaper, Signature
from disputes.models.party import MediatorRequest, Party, PrivateNote, Recusal, Side, Will
from disputes.models.session import Session

__all__ = [
    "Agreement",
    "Assent",
    "Booking",
    "Clause",
    "Consultation",
    "Difficulty",
    "Dispute",
    "DisputeType",
    "Expert",
    "ExpertField",
    "ExpertKind",
    "Exhibit",
    "FileNumber",
    "Form",
    "Guidance",
    "IssuedPaper",
    "JudicialType",
    "MediatorRequest",
    "Message",
    "MessageFile",
    "Method",
    "Outcome",
    "Party",
    "Performance",
    "PerformanceSaid",
    "PlainKind",
    "PrivateNote",
    "Proposal",
    "Reason",
    "Recusal",
    "Result",
    "Scale",
    "Session",
    "Side",
    "Slot",
    "Signature",
    "Source",
    "Training",
    "Visit",
    "Will",
]
