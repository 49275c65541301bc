"""Who may serve whom: the one place that matching, dispatch and acceptance ask. Visits to minors and to old people who
live alone are made by two people together whose background was checked."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from volunteers.models import Series, ServiceOrder, Volunteer
from volunteers.models.words import AT_LEAST_TWO, GUARDED, SERVES

NO_GUARDIAN = "未满十八周岁，要监护人同意。请先在志愿者登记里写明监护人。"


def check_wanted(*, serves: str, wanted: int) -> None:
    """Raises ValidationError at `wanted`."""
    if wanted < 1:
        raise ValidationError({"wanted": "至少要有一位志愿者。"})
    if serves in GUARDED and wanted < AT_LEAST_TWO:
        raise ValidationError({"wanted": f"上门服务{SERVES[serves]}要两位志愿者同去。"})


def why_not(volunteer: Volunteer | None, order: ServiceOrder | Series, begins_at: datetime) -> str:
    """Why this person may not serve this order when it begins; "" when they may. Loads the volunteer's person."""
    if volunteer is None or not volunteer.is_active:
        return "还没有登记成为志愿者。"
    if order.is_guarded and not volunteer.is_checked(timezone.localdate(begins_at)):
        return f"服务{SERVES[order.serves]}的志愿者要先做背景核查，请联系社区登记。"
    return NO_GUARDIAN if volunteer.person.is_minor_at(begins_at) and not volunteer.guardian else ""


def without_guardian(person: User, at: datetime) -> str:
    """Why a minor may not promise to come, to a team or a call-out, without a guardian who knows of it; "" when they may. No
    query for those of age."""
    if not person.is_minor_at(at):
        return ""
    return "" if Volunteer.objects.filter(person=person, guardian__isblank=False).exists() else NO_GUARDIAN
