from cases.models.attachment import Attachment, KeptPhoto
from cases.models.case import Case, Urgency, Wake
from cases.models.category import Category
from cases.models.column_name import ColumnName
from cases.models.event import CaseEvent, Remark
from cases.models.extension import Extension
from cases.models.rating import Rating
from cases.models.referral import Referral
from cases.models.rules import CalendarDay, RoutingRule, TimeLimit
from cases.models.seat import Seat
from cases.models.stamp import RulesStamp
from cases.models.upload import Upload

__all__ = [
    "Attachment",
    "CalendarDay",
    "Case",
    "CaseEvent",
    "Category",
    "ColumnName",
    "Extension",
    "KeptPhoto",
    "Rating",
    "Referral",
    "Remark",
    "RoutingRule",
    "RulesStamp",
    "Seat",
    "TimeLimit",
    "Upload",
    "Urgency",
    "Wake",
]
