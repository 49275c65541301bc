"""How dialogues end: only by what the parties say is anything agreed."""

import pytest

from disputes.imports.endings import Ending, ending_of

OFFER = "sys：那么达成以下协议：乙某赔偿 200 元。双方是否同意？"
ENDINGS = {
    ("甲某：同意。", "乙某：我也同意。"): Ending.AGREED,
    ("甲某：没有异议。", "乙某：没有异议。", "sys：好的，协议达成。"): Ending.AGREED,
    ("甲某、乙某：没有异议。",): Ending.AGREED,
    ("甲某和乙某：我们接受。", "sys：谢谢。"): Ending.AGREED,
    ("双方：同意。",): Ending.AGREED,
    ("甲某：我没有意见。", "乙某：确认。"): Ending.AGREED,
    ("甲某：我们一定遵守协议。", "乙某：会的。"): Ending.AGREED,
    ("甲某：我要再想想。", "sys：200 元不少了。", "甲某：好，我同意。", "乙某：同意。"): Ending.AGREED,
    ("乙某：同意。", "甲某：同意，放弃起诉的权利。"): Ending.AGREED,
    ("甲某：如果当场付清，我同意。", "sys：乙某当场付清。", "甲某、乙某：同意。"): Ending.AGREED,
    ("甲某：同意，我不起诉了。", "乙某：同意。"): Ending.AGREED,
    ("甲某：同意，明天就撤诉。", "乙某：同意。"): Ending.AGREED,
    ("甲某：月底付清行不行？", "sys：行。", "甲某：那我同意。", "乙某：同意。"): Ending.AGREED,
    (): Ending.UNKNOWN,
    ("sys：好的，双方达成一致，谢谢。",): Ending.UNKNOWN,
    ("甲某：同意。",): Ending.UNKNOWN,
    ("甲某：同意。", "乙某：我回去想想。"): Ending.UNKNOWN,
    ("甲某：同意。", "乙某：我考虑一下。"): Ending.UNKNOWN,
    ("甲某：同意。", "乙某：改天再说吧。"): Ending.UNKNOWN,
    ("甲某：同意。", "乙某：如果他先道歉，我同意。"): Ending.UNKNOWN,
    ("甲某：谢谢调解员。", "乙某：谢谢。"): Ending.UNKNOWN,
    ("sys：还有两户坚持到法院诉讼。", "甲某：同意。", "乙某：同意。"): Ending.UNKNOWN,
    ("甲某：同意。", "乙某：需要时间。", "sys：那么协议达成，请遵守。"): Ending.UNKNOWN,
    ("甲某：我不同意。", "乙某：那就算了。"): Ending.FAILED,
    ("甲某：同意。", "乙某：我不接受，走法律程序。"): Ending.FAILED,
    ("甲某：谈不拢。", "sys：好吧。"): Ending.FAILED,
    ("甲某：我要起诉。",): Ending.FAILED,
    ("sys：双方没有达成协议，本次调解终止。",): Ending.FAILED,
    ("甲某：不可能接受。", "sys：今天就到这里。"): Ending.FAILED,
}


@pytest.mark.parametrize(("turns", "ending"), ENDINGS.items(), ids=[" ".join(turns) or "nothing" for turns in ENDINGS])
def test_an_ending_is_told_by_the_parties(turns, ending):
    spoken = [turn.partition("：") for turn in (OFFER, *turns)]
    assert ending_of([(who, words) for who, _, words in spoken]) == ending


def test_a_yes_before_anything_was_offered_is_none():
    assert ending_of([("甲某", "我同意调解。"), ("乙某", "同意。"), ("sys", "今天先到这里。")]) == Ending.UNKNOWN
