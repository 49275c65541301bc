from accounts.models.access_log import AccessLog
from accounts.models.consent import Consent
from accounts.models.sign_in_code import SignInCode
from accounts.models.user import User

__all__ = ["AccessLog", "Consent", "SignInCode", "User"]
