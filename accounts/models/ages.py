"""Who is of age, from the day of birth: the one place that every room asks. What was ticked once grows stale, a birthday does
not. Pure.

民法典 17: whoever is not yet eighteen is a minor; 18: whoever is acts for themselves. The eighteenth birthday itself counts
(1259: 以上 includes the number). Where its day is missing, for who was born on 29 February, it is the last of the month (202)."""

from datetime import date, datetime

from django.utils.timezone import localdate

GROWN = 18
CHILD = 14
"""Below this a guardian agrees to what is done with personal data (个人信息保护法 31)."""


def is_minor(birth_date: date, at: datetime) -> bool:
    """Whether it is before the eighteenth birthday at that moment, by the day it is in our time zone."""
    return localdate(at) < birthday(birth_date, GROWN)


def is_child(birth_date: date, at: datetime) -> bool:
    return localdate(at) < birthday(birth_date, CHILD)


def is_minor_by_year(birth_year: int, at: datetime) -> bool | None:
    """Where only the year is known; None in the year that has the eighteenth birthday."""
    age = localdate(at).year - birth_year
    return None if age == GROWN else age < GROWN


def birthday(birth_date: date, years: int) -> date:
    """The day on which somebody is so many years old."""
    try:
        return birth_date.replace(year=birth_date.year + years)
    except ValueError:
        return date(birth_date.year + years, 2, 28)


def sex_in(id_number: str) -> str:
    """Of such a number, as GB/T 2261.1 writes it: "1" male, "2" female (GB 11643: the last but one digit is odd for men)."""
    return "1" if int(id_number[16]) % 2 else "2"


def birth_date_in(id_number: str) -> date:
    """Of an 18-digit number that was checked (accounts/numbers.py)."""
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
