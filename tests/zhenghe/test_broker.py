"""The broker without Redis: nobody ever reads half of what is being written, and a broken file stops nothing."""

from concurrent.futures import ThreadPoolExecutor
from queue import Empty
from threading import Event

import pytest
from kombu import Connection, Exchange, Queue

import zhenghe.celery  # noqa: F401  # the scheme is known
from tests.machine import _folders

QUEUE = Queue("here", Exchange("here"), routing_key="here")
"""Not Celery's own: what is bound is remembered by the process, and other tests ring in other folders."""


@pytest.fixture
def line(tmp_path):
    with Connection("files://localhost", transport_options=_folders(tmp_path / "broker")) as connection:
        yield connection


def test_a_reader_finds_all_and_never_half(line):
    """A writer as fast as it can, a reader that looks all the time."""
    many, is_over = 3_000, Event()

    def write():
        channel = line.channel()
        for number in range(many):
            channel._put("celery", {"number": number})
        is_over.set()

    def read():
        channel, found = line.channel(), []
        while True:
            was_over = is_over.is_set()
            try:
                found.append(channel._get("celery")["number"])
            except Empty:
                if was_over:
                    return found

    with ThreadPoolExecutor(2) as hands:
        writing, reading = hands.submit(write), hands.submit(read)
        assert reading.result(timeout=60) == list(range(many))
        writing.result()


def test_queues_are_bound_by_many_at_once(line):
    with ThreadPoolExecutor(8) as hands:
        bound = [hands.submit(line.channel()._queue_bind, "celery", f"key{n}", "", f"queue{n}") for n in range(80)]
        for one in bound:
            one.result(timeout=60)
    assert {entry.queue for entry in line.channel().get_table("celery")} == {f"queue{n}" for n in range(80)}


@pytest.mark.parametrize("left", [b"", b'{"number": ', b"\xff\xfe"])
def test_a_file_cut_off_is_dropped_and_the_next_is_read(line, tmp_path, left):
    queue = tmp_path / "broker" / "queue"
    (queue / "0_cut.celery.msg").write_bytes(left)
    channel = line.channel()
    channel._put("celery", {"number": 7})
    with pytest.raises(Empty):
        channel._get("celery")
    assert channel._get("celery") == {"number": 7}
    assert list(queue.iterdir()) == []


def test_a_message_goes_through(line):
    with line.SimpleQueue(QUEUE) as simple:
        simple.put({"hello": "政和"})
        message = simple.get(timeout=5)
        assert message.payload == {"hello": "政和"}
        message.ack()
