"""The days that are off by law in a year whose notice has not come yet. Pure.

全国年节放假办法 (2024-11-10) 2: 元旦, 除夕 and 春节 to the third day, 清明, 1 and 2 May, 端午, 中秋, 1 to 3 October. Which days are
moved and worked for them only the notice says."""

from datetime import date
from functools import cache

from holidays import country_holidays


@cache
def festivals(year: int) -> frozenset[date]:
    """Of one year, by the moon where the day follows it."""
    return frozenset(country_holidays("CN", years=year, observed=False))
