"""An outage in the log: one line a fault, repeated ones counted, nothing of it lost."""

import io
import logging

import pytest

from zhenghe import log_lines
from zhenghe.log_lines import CountingHandler, OneLine


@pytest.fixture
def written(monkeypatch):
    out = io.StringIO()
    handler = CountingHandler()
    handler.setStream(out)
    handler.setFormatter(OneLine())
    logger = logging.Logger("zhenghe.test")
    logger.addHandler(handler)
    clock = {"now": 1000.0}
    monkeypatch.setattr(log_lines.time, "monotonic", lambda: clock["now"])
    return logger, out, clock, handler


def fail(logger, name):
    try:
        raise ConnectionError(f"server closed\nthe connection of {name}")
    except ConnectionError:
        logger.exception("case %s failed", name)


def lines(out):
    return out.getvalue().splitlines()


def test_a_thousand_like_faults_are_one_line_and_a_count(written):
    logger, out, clock, _ = written
    for number in range(1000):
        fail(logger, f"ZH-{number}")
    assert len(lines(out)) == 1
    assert "case ZH-0 failed | ConnectionError: server closed the connection of ZH-0 |" in lines(out)[0]
    assert "tests/zhenghe/test_log_lines.py:" in lines(out)[0]
    clock["now"] += log_lines.REPEATS_WITHIN + 1
    logger.warning("something else")
    assert len(lines(out)) == 3
    assert "同样的情况又出现 999 次" in lines(out)[1]
    assert lines(out)[2].endswith("something else")


def test_after_the_minute_it_is_said_again(written):
    logger, out, clock, _ = written
    fail(logger, "a")
    clock["now"] += log_lines.REPEATS_WITHIN + 1
    fail(logger, "b")
    assert [line.split(" | ")[0].split("zhenghe.test ")[1] for line in lines(out)] == ["case a failed", "case b failed"]


def test_different_faults_are_lines_of_their_own(written):
    logger, out, _, _ = written
    fail(logger, "a")
    logger.error("disk full")
    logger.warning("slow")
    assert len(lines(out)) == 3


def test_information_is_not_counted(written):
    logger, out, _, _ = written
    for _ in range(3):
        logger.info("started")
    assert len(lines(out)) == 3


def test_what_was_counted_is_told_when_the_process_ends(written):
    logger, out, _, handler = written
    for _ in range(5):
        logger.error("disk full")
    handler.close()
    assert "又出现 4 次" in lines(out)[-1]
