"""The periods figures are shown for: a day, a week from Monday, a month, a quarter, a year. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

WORDS = {"day": "日", "week": "周", "month": "月", "quarter": "季", "year": "年"}
TREND = {"day": 14, "week": 12, "month": 12, "quarter": 8, "year": 5}
"""How many periods a trend shows, the present one last."""


@dataclass(frozen=True)
class Period:
    code: str
    first: date

    @classmethod
    def of(cls, code: str, on: date) -> "Period":
        """The period of this kind that the day lies in. Raises KeyError for no such kind."""
        return cls(code, _FIRST[code](on))

    @property
    def last(self) -> date:
        return self.after.first - timedelta(days=1)

    @property
    def after(self) -> "Period":
        return Period.of(self.code, self.first + timedelta(days=_LENGTH[self.code]))

    @property
    def before(self) -> "Period":
        return Period.of(self.code, self.first - timedelta(days=1))

    @property
    def days(self) -> tuple[date, date]:
        return self.first, self.last

    @property
    def is_of_months(self) -> bool:
        return self.code in {"month", "quarter", "year"}

    @property
    def trend(self) -> "list[Period]":
        """The periods of a trend that ends with this one, oldest first."""
        periods = [self]
        while len(periods) < TREND[self.code]:
            periods.insert(0, periods[0].before)
        return periods

    @property
    def words(self) -> str:
        """ "2026年11月", "2026年第4季度", "11月23日—29日"."""
        first, last = self.first, self.last
        if self.code == "year":
            return f"{first.year}年"
        if self.code == "quarter":
            return f"{first.year}年第{first.month // 3 + 1}季度"
        if self.code == "month":
            return f"{first.year}年{first.month}月"
        if self.code == "day":
            return f"{first.year}年{first.month}月{first.day}日"
        return f"{first.year}年{first.month}月{first.day}日—{last.month}月{last.day}日"

    @property
    def short(self) -> str:
        """Under a column of a trend."""
        if self.code == "quarter":
            return f"{self.first:%y}年{self.first.month // 3 + 1}季"
        if self.code == "month":
            return f"{self.first:%y}年{self.first.month}月"
        return f"{self.first.year}年" if self.code == "year" else f"{self.first.month}/{self.first.day}"


_LENGTH = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
"""Days after its first on which the next one has begun, but not the one after."""
_FIRST = {
    "day": lambda on: on,
    "week": lambda on: on - timedelta(days=on.weekday()),
    "month": lambda on: on.replace(day=1),
    "quarter": lambda on: on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1),
    "year": lambda on: on.replace(month=1, day=1),
}
