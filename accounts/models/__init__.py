from accounts.models.audit import Act, AuditLine, AuditWords
from accounts.models.consent import Consent, Purpose
from accounts.models.data_copy import DataCopy
from accounts.models.demonstration import Demonstration
from accounts.models.device import Device
from accounts.models.kept_answer import KeptAnswer
from accounts.models.kept_form import KeptFile, KeptForm
from accounts.models.past_password import PastPassword
from accounts.models.rate_count import RateCount
from accounts.models.retention import RetentionPeriod
from accounts.models.second_factor import RecoveryCode, SecondFactor
from accounts.models.sign_in_code import SignInCode, Way
from accounts.models.ticket import Ticket
from accounts.models.user import User
from accounts.models.wechat_account import WeChatAccount

__all__ = [
    "Act",
    "AuditLine",
    "AuditWords",
    "Consent",
    "DataCopy",
    "Demonstration",
    "Device",
    "KeptAnswer",
    "KeptFile",
    "KeptForm",
    "PastPassword",
    "Purpose",
    "RateCount",
    "RecoveryCode",
    "RetentionPeriod",
    "SecondFactor",
    "SignInCode",
    "Ticket",
    "User",
    "Way",
    "WeChatAccount",
]
