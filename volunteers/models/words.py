"""The few fixed choices of this room. Pure."""

FREE_TIMES = {
    "workday_day": "工作日白天",
    "workday_evening": "工作日晚上",
    "weekend_day": "周末白天",
    "weekend_evening": "周末晚上",
}
ANYONE, MINOR, LONE_ELDER = "anyone", "minor", "lone_elder"
SERVES = {ANYONE: "一般", MINOR: "未成年人", LONE_ELDER: "独居老人"}
"""Whom a service is for, as far as it decides how safely it is done. A fact of the service, not of a resident."""

GUARDED = frozenset({MINOR, LONE_ELDER})
"""Served only by two people together whose background was checked."""
AT_LEAST_TWO = 2


ID_CARD = "居民身份证"
ID_KINDS = (ID_CARD, "护照", "港澳居民来往内地通行证", "台湾居民来往大陆通行证")
"""What a certificate may name somebody by."""


def free_time_at(hour: int, weekday: int) -> str:
    day = "weekend" if weekday >= 5 else "workday"
    return f"{day}_{'evening' if hour >= 18 else 'day'}"
