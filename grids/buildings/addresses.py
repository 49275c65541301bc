"""Which place and which door a text names, in the ways people write them. Pure: text and names in, names and keys out.

A text that could mean two places means none: somebody who knows the place says which."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMBER = r"(?:(?<![A-Z\d])[A-Z]?\d{1,3}|(?<![A-Z])[A-Z]|[零〇一二两三四五六七八九十]{1,3})"
_ROOM = r"(?:\d{3,4}|[零〇一二三四五六七八九]{3,4})(?!\d)"
_HOUSE = re.compile(rf"(?P<house>{_NUMBER})(?:号?[幢栋座]|号楼|#楼?|号(?=第?{_NUMBER}单元))")
_UNIT = re.compile(rf"-?第?(?P<unit>{_NUMBER})(?:单元|门(?![口前外禁卫岗面市店诊])|-{_ROOM})")
_SHORT = re.compile(
    rf"(?P<house>{_NUMBER})-(?:{_ROOM}|(?P<unit>{_NUMBER})(?:-{_ROOM})?)(?![-\d年月日时点号幢栋座天个人户次元])"
)
_BETWEEN = re.compile(r"^(?:小区)?[的里内,，:：、()（）]*")
_DASHES = re.compile("[\u2010-\u2015\u2212_~—]")
_PART = re.compile(r"^(?:[(（]?[一二三四五六七八九十\d]{1,2}期|[东西南北中]区|[A-Z]区)")
_NOT_BEFORE = re.compile(r"(?:不是|并非|而非|不在|不属于|不属|除了|除|不含|不包括|非)(?:我们|本|住在?|在)?$")
_NOT_AFTER = re.compile(
    r"^(?:小区|社区)?(?:[一二三四五六七八九十\d]期)?(?:无关|没关系|没有关系|毫无关系|不相关|除外|以外|之外)"
)


class Door(NamedTuple):
    """As keys: "3" for 三幢, 3号楼 and ３栋 alike; "" where a text does not say."""

    house: str
    unit: str


class Named(NamedTuple):
    """A place that a text names, and the door behind it."""

    name: str
    door: Door | None


def plain(text: str) -> str:
    """One width, one dash, no blanks."""
    return _DASHES.sub("-", "".join(unicodedata.normalize("NFKC", text).upper().split()))


def door_of(name: str, unit: str) -> Door:
    """Of a house and a unit as they are called in our own tables; a house 3-2 is the second unit of the third."""
    house = plain(name)
    if short := re.fullmatch(rf"({_NUMBER})-({_NUMBER})", house):
        return Door(_number(short[1]), _number(short[2]))
    return Door(_key(house), _key(plain(unit)))


def _key(name: str) -> str:
    """A house called 综合楼 is called so."""
    match = re.fullmatch(rf"第?({_NUMBER})(?:号?[幢栋座]|号楼?|#楼?|单元|门)?", name)
    return _number(match[1]) if match else name


def _number(text: str) -> str:
    """ "12" for 12, 十二 and 012; letters stay."""
    if text[-1] in _DIGITS or "十" in text:
        return str(_chinese(text))
    letter = "" if text[0].isdigit() else text[0]
    digits = text.removeprefix(letter)
    return letter + (str(int(digits)) if digits else "")


def _chinese(text: str) -> int:
    """Up to 99; 二零三 is read sign by sign."""
    if "十" not in text:
        return int("".join(str(_DIGITS[sign]) for sign in text))
    tens, _, ones = text.partition("十")
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)


def named(text: str, names: Iterable[str]) -> list[Named]:
    """Each of `names` that `text` names and does not deny, in its order, with the door behind it. Of names that lie in one
    another the longest counts."""
    text_plain, by_plain = plain(text), {plain(name): name for name in names if name}
    if not by_plain:
        return []
    longest_first = "|".join(map(re.escape, sorted(by_plain, key=len, reverse=True)))
    return [
        Named(by_plain[match[0]], _door_behind(text_plain[match.end() :]))
        for match in re.finditer(longest_first, text_plain)
        if not _NOT_BEFORE.search(text_plain[: match.start()]) and not _NOT_AFTER.match(text_plain[match.end() :])
    ]


def _door_behind(text: str) -> Door | None:
    """Right behind the name of an estate 3-2-501 is a door, elsewhere it may be a date. A part of the estate that we do not
    know (二期) has houses of its own."""
    if _PART.match(text):
        return None
    text = _BETWEEN.sub("", text)
    if short := _SHORT.match(text):
        return Door(_number(short["house"]), _number(short["unit"]) if short["unit"] else "")
    house = _HOUSE.search(text)
    if house is None:
        return None
    unit = _UNIT.match(text, house.end())
    return Door(_number(house["house"]), _number(unit["unit"]) if unit else "")
