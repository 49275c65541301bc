"""How a dialogue of a mediation ended, by what the parties themselves said last. Pure.

An agreement is never guessed: where the mediator alone speaks of one, where a side has not said yes to it, or where some
were left out of it, the ending is unknown, and somebody who was there has to say."""

import re
from collections.abc import Sequence
from enum import Enum

MEDIATOR = "sys"
Turn = tuple[str, str]
"""Who, what."""


class Ending(Enum):
    AGREED = "agreed"
    FAILED = "failed"
    UNKNOWN = "unknown"


_YES = re.compile(
    r"(?<![不未])(同意|接受|没有?(任何)?(异议|意见|问题)|无异议|确认|遵守|认可|没有其他要求|愿意|签字|履行|按(照)?协议|会的)"
)
_NO = re.compile(
    r"不(能|会|可能|愿意?)?(同意|接受|认可|签字?|调解了)|没法(同意|接受)|无法(同意|接受)|(?<!行)不行|免谈|谈不拢|没(什么)?好谈|法庭上?见|打官司|告到底"
    r"|(走|通过)(法律程序|诉讼)|(去|到|向)法院|起诉|申请(劳动)?仲裁"
)
_LATER = re.compile(
    r"如果|只要|除非|前提|考虑(?!到)|再(想想|商量|说|谈)|想一想|回去(想想|商量)|商量(一下|商量)|改天|下次|暂时|看看再|需要时间"
)
_FAILED = re.compile(
    r"调解(失败|不成|未成|终止)|(终止|结束)(本次)?调解.{0,12}(起诉|诉讼|仲裁|法律)|(没有?|未|未能|无法|不能)达成"
)
_LEFT_OUT = re.compile(r"难以谈妥|(坚持|另行?|决定).{0,8}(法院|诉讼|起诉|仲裁)|没有谈成|未(能)?(谈妥|解决)")
_GIVEN_UP = re.compile(
    r"不(会|去|再|用)?(起诉|打官司|诉讼)|撤诉|撤回起诉|放弃[^。；;]{0,40}(诉讼|起诉|仲裁)|不再[^。；;]{0,20}(诉讼|起诉|仲裁)"
)
_TERMS = re.compile(r"协议|方案|赔偿|补偿|支付|一致|承担|道歉|分担|归还|返还|搬|修")
_TOGETHER = re.compile("[、和及与]|们$|双方|大家|各方")
_EVERYBODY = {"双方", "大家", "各方"}
LAST = 12
"""Turns from the end in which an ending is looked for."""


def ending_of(turns: Sequence[Turn]) -> Ending:
    """`turns`: of mediator and parties, without those who only helped."""
    last_turns = [(who, _GIVEN_UP.sub("", words)) for who, words in turns[-LAST:]]
    closing = [words for who, words in last_turns[-4:] if who == MEDIATOR]
    if any(_FAILED.search(words) for words in closing) or any(
        _NO.search(words) for who, words in last_turns[-3:] if who != MEDIATOR
    ):
        return Ending.FAILED
    agrees = _positions(last_turns)
    is_joint = len(agrees) > 1 or any(_TOGETHER.search(who) for who in agrees)
    is_whole = all(agrees.values()) and not any(_LEFT_OUT.search(words) for who, words in last_turns if who == MEDIATOR)
    return Ending.AGREED if is_joint and is_whole else Ending.UNKNOWN


def _positions(turns: Sequence[Turn]) -> dict[str, bool]:
    """Who took a stand on terms that had been named, and whether their last word was yes. A yes on a condition is none."""
    agrees: dict[str, bool] = {}
    for place, (who, words) in enumerate(turns):
        if who == MEDIATOR or not any(_TERMS.search(earlier) for _, earlier in turns[:place]):
            continue
        is_open = bool(_NO.search(words) or _LATER.search(words))
        if is_open or _YES.search(words):
            speaks_for = [name for name in agrees if name in who or who in _EVERYBODY]
            agrees |= dict.fromkeys([who, *speaks_for], not is_open)
    return agrees
