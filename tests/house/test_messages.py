"""What people are told, word by word: tests/frozen/messages.csv is written out from the rooms' tables (UPDATE_MESSAGES=1), so that
a sentence that changes shows as a line of a diff. Every text is sent by somebody, and is given all that it says."""

import ast
import csv
import io
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from django.conf import settings
from django.core.checks import run_checks

from cases.engine.audience import FIELDS, kind_of
from cases.services import route
from cases.workflow import EXPERT, WORKFLOWS, Tell
from notices.services import News, forget_facts, forget_name, notify
from notices.texts import FORGOTTEN, MAX_LENGTH, TEXTS, Text, register, sentence
from tests.house.test_house import FLOOR
from tests.support import frozen
from tests.support.cast import MONDAY, signed_in, submit
from tests.support.heard import heard_once
from tests.support.source import tree_of

GOLDEN = frozen.FOLDER / "messages.csv"
HEADS = ["kind", "channels", "urgent", "facts", "sentence", "several"]
SAMPLES: dict[str, str | int] = {
    "address": "10.0.0.1", "adopter": "政和茶业公司", "answer_by": "明天 12:00 前", "by": "李强", "cases": 3,
    "closes": "12月5日 周六 18:00", "community": "宜和社区", "days": 5, "doctor": "王医生团队", "due": "周五 18:00 前", "endpoint": "12345 平台",
    "finish": "12月3日（周四） 24:00 前", "grid": "宜和社区", "holder": "宜和佳苑1号网格长 李强", "label": "【演练】",
    "late": "0", "missing": "送达回证、申请书", "name": "宜和佳苑小区", "number": "ZH-7K3M-9QXT", "opens": "11月28日 周六 09:00",
    "place": "宜和邻里中心", "points": 10, "reason": "下水道要等配件", "registered": "2",
    "report": "宜和社区2026年11月23日日报", "review": "拉练 2026年第3季度", "room": "议事厅", "score": "100.0", "silent": 2,
    "team": "宜和应急队", "times": 20, "title": "3号楼路灯不亮", "total": 12, "unit": "县住建局", "until": "2028年11月24日", "way": "社区窗口", "what": "对议题的意见",
    "when": "11月26日 周四 09:00–10:00", "words": "河水上涨，到广场集合", "year": 2026,
}  # fmt: skip


def test_every_sentence_is_as_it_was_reviewed():
    rows = [
        [
            kind,
            " ".join(text.channels),
            "urgent" if text.is_urgent else "",
            " ".join(sorted(text.fields)),
            sentence(kind, SAMPLES),
            text.many and sentence(kind, {}, count=30),
        ]
        for kind, text in sorted(TEXTS.items())
    ]
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([HEADS, *rows])
    if os.environ.get("UPDATE_MESSAGES"):
        GOLDEN.write_text(written.getvalue())
    assert written.getvalue() == GOLDEN.read_text(), "UPDATE_MESSAGES=1 writes tests/frozen/messages.csv anew"


TELLERS = {"News", "_tell", "tell", "tell_all", "tell_roll", "alarm"}
"""Whose calls say a kind of message."""


def _calls() -> Iterator[tuple[ast.Call, set[str]]]:
    """Calls outside of the tests that tell people something, and the kinds that they name."""
    for path in (path for room in FLOOR for path in (settings.BASE_DIR / room).rglob("*.py")):
        for node in ast.walk(tree_of(path)):
            name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and name in TELLERS:
                arguments = [*node.args, *(word.value for word in node.keywords if word.arg == "kind")]
                constants = {
                    part.value for argument in arguments for part in _chosen(argument) if isinstance(part, ast.Constant)
                }
                yield node, {kind for kind in constants if isinstance(kind, str) and "." in kind}


def _chosen(expression: ast.expr) -> list[ast.expr]:
    return [expression.body, expression.orelse] if isinstance(expression, ast.IfExp) else [expression]


def _of_arrows() -> set[str]:
    return {
        kind_of(workflow.kind, arrow.verb, told)
        for workflow in WORKFLOWS.values()
        for arrow in workflow.all_arrows
        for told in arrow.tells
    }


def test_every_text_is_sent_and_everything_sent_has_a_text():
    sent = _of_arrows() | {kind for _, kinds in _calls() for kind in kinds}
    assert sent == TEXTS.keys()


def test_who_tells_gives_all_that_the_text_says():
    """Where the facts stand at the call; the rest is refused by `notify`."""
    looked_at = set()
    for call, kinds in _calls():
        given = next((word.value for word in call.keywords if word.arg == "facts"), None)
        if isinstance(given, ast.Dict) and None not in given.keys:
            names = {key.value for key in given.keys if isinstance(key, ast.Constant)}
            for kind in kinds:
                assert TEXTS[kind].fields <= names, kind
                looked_at.add(kind)
    assert len(looked_at) > 15


@pytest.mark.parametrize("kind", sorted(TEXTS))
def test_a_rendering_never_raises(kind):
    fields = TEXTS[kind].fields
    assert sentence(kind, None) == FORGOTTEN
    for missing in fields:
        assert FORGOTTEN in sentence(kind, {name: "{x}" for name in fields - {missing}})
    assert len(sentence(kind, dict.fromkeys(fields, "长" * MAX_LENGTH))) <= MAX_LENGTH


def test_a_message_that_lost_its_text_says_so():
    assert sentence("nobody.knows", {"title": "灯"}) == FORGOTTEN


def test_a_kind_has_one_text():
    with pytest.raises(ValueError, match="case.note.holder"):
        register({"case.note.holder": Text("又一句")})


def _faults() -> list[str]:
    return [fault.msg for fault in run_checks() if fault.id in {"cases.E002", "cases.E003"}]


def test_an_arrow_without_words_stops_the_start(monkeypatch):
    assert _faults() == []
    task = WORKFLOWS["task"]
    sign = replace(task.arrow("sign"), tells=(Tell(EXPERT),))
    others = tuple(arrow for arrow in task.arrows if arrow.verb != "sign")
    monkeypatch.setitem(WORKFLOWS, "task", replace(task, arrows=(*others, sign)))
    assert _faults() == ["no text for case.sign.expert"]


def test_a_text_that_says_what_no_case_has_stops_the_start(monkeypatch):
    monkeypatch.setitem(TEXTS, "task.sign.asker", Text("{colour}"))
    assert _faults() == ["task.sign.asker says ['colour'], which no case has"]


def test_the_engine_knows_all_that_texts_of_arrows_may_say(defaults, town, staff, resident, monkeypatch):
    words = "".join(f"{{{name}}}" for name in sorted(FIELDS))
    monkeypatch.setitem(TEXTS, "request.dispatch.asker", Text(words))
    case = submit(resident, town)
    route(case_id=case.pk, at=MONDAY)
    facts = resident.notices.get(kind="request.dispatch.asker").facts
    assert facts.keys() >= FIELDS
    case.refresh_from_db()
    assert datetime.fromisoformat(facts["due_at"]) == case.due_at


@pytest.fixture
def about_zhu(resident, neighbour):
    for cause, person, title in (("one", resident, "朱秀兰家的灯"), ("two", neighbour, "楼道的灯")):
        told = News(
            kind="task.confirm.holder",
            people=[person],
            path="/cases/x/",
            cause=cause,
            at=MONDAY,
            facts={"title": title},
        )
        notify(told)


def test_a_name_is_forgotten_where_it_was_said(about_zhu, resident, neighbour):
    forget_name(name="朱秀兰", paths=["/cases/y/"])
    assert heard_once("朱秀兰", resident)
    forget_name(name="朱秀兰", paths=["/cases/x/", "/cases/y/"])
    assert resident.notices.get().facts is None
    assert FORGOTTEN in signed_in(resident).get("/notices/").content.decode()
    assert heard_once("“楼道的灯”已确认完成", neighbour)


def test_all_that_leads_to_a_page_is_forgotten(about_zhu, resident, neighbour):
    forget_facts(path="/cases/x/")
    assert {person.notices.get().words for person in (resident, neighbour)} == {FORGOTTEN}
