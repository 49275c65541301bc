"""What script/server does when one of its parts dies, hangs, or will not stay up."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.support.machine import wait_until
from zhenghe import supervisor
from zhenghe.embedded import CannotStart
from zhenghe.supervisor import Part, Supervisor, child, clear_leftovers

SLEEP = "import time; time.sleep(60)"


def program(code: str, folder: Path) -> psutil.Process:
    return child([sys.executable, "-c", code], folder=folder, env=dict(os.environ))


@pytest.fixture
def part(tmp_path):
    made = Part("web", "网页服务", lambda: program(SLEEP, tmp_path))
    yield made
    supervisor._end_group(made.process)


@pytest.fixture
def portal(part, tmp_path):
    return Supervisor([part], note=tmp_path / "running.json")


def kill(part: Part) -> None:
    part.process.kill()
    part.process.wait()


def noted(portal: Supervisor) -> dict[str, int]:
    return {line["part"]: line["pid"] for line in json.loads(portal.note.read_text())}


def test_a_part_that_dies_is_started_again_and_noted(portal, part, capsys):
    portal.start()
    first = part.process.pid
    assert noted(portal) == {"server": os.getpid(), "web": first}
    kill(part)
    portal.look(part.began + supervisor.STEADY_SECONDS + 1)
    assert part.is_running()
    assert part.process.pid != first
    assert noted(portal)["web"] == part.process.pid
    assert capsys.readouterr().err.splitlines() == ["网页服务停了（被信号 9 结束），正在重新启动。"]


def test_a_part_that_will_not_stay_up_is_tried_less_often_and_said_in_one_line_each(portal, part, tmp_path, capsys):
    part.start = lambda: program("raise SystemExit(3)", tmp_path)
    portal.start()
    waits = []
    now = part.began
    for _ in range(7):
        part.process.wait()
        portal.look(now)
        waits.append(round(part.next_try - now))
        now = part.next_try
        portal.look(now)
    assert waits == [1, 3, 5, 5, 5, 5, 5]
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 7
    assert told[0] == "网页服务停了（退出码 3），1 秒后重新启动。"
    assert told[-1] == "网页服务连续 8 次启动后又停（退出码 3），5 秒后再试，请看上面的日志。"


def test_others_go_on_while_one_is_down(portal, part, tmp_path):
    other = Part("worker", "后台任务", lambda: program(SLEEP, tmp_path))
    portal.parts.append(other)
    portal.start()
    before = other.process.pid
    kill(part)
    portal.look(time.monotonic())
    assert other.is_running()
    assert other.process.pid == before
    supervisor._end_group(other.process)


def test_a_part_that_hangs_is_killed_and_started_again(portal, part, monkeypatch):
    hangs = [True]
    part.is_stuck = lambda: hangs[0]
    portal.start()
    os.kill(part.process.pid, signal.SIGSTOP)
    first, now = part.process, part.began + supervisor.GRACE_SECONDS + 1
    for _ in range(part.patience):
        portal.look(now)
        now += supervisor.PROBE_SECONDS
    assert not first.is_running()
    portal.look(now + supervisor.STEADY_SECONDS)
    assert part.is_running()


def test_a_part_that_has_just_begun_is_not_asked_yet(portal, part):
    part.is_stuck, part.patience = (lambda: True), 1
    portal.start()
    portal.look(part.began + 1)
    assert part.is_running()


def test_what_a_killed_part_left_behind_goes_before_it_begins_again(portal, part, tmp_path):
    """A master that is killed leaves workers that hold its port."""
    pid_file = tmp_path / "child"
    code = f"import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', {SLEEP!r}]); "
    part.start = lambda: program(f"{code} open({str(pid_file)!r}, 'w').write(str(p.pid)); time.sleep(60)", tmp_path)
    portal.start()
    wait_until(lambda: pid_file.exists() and pid_file.read_text() != "", seconds=10)
    orphan = psutil.Process(int(pid_file.read_text()))
    kill(part)
    portal.look(part.began + supervisor.STEADY_SECONDS + 1)
    wait_until(lambda: not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE, seconds=10)


def test_a_part_that_dies_while_starting_up_stops_everything(portal, part, tmp_path):
    part.start = lambda: program("raise SystemExit(4)", tmp_path)
    portal.start()
    part.process.wait()
    with pytest.raises(CannotStart, match="网页服务自己停了（退出码 4）"):
        portal.refuse_dead()


def test_a_part_that_cannot_be_started_is_tried_again(portal, part, tmp_path, capsys):
    portal.start()
    start = part.start

    def refuse() -> psutil.Process:
        raise CannotStart("端口还被占着")

    part.start = refuse
    kill(part)
    now = part.began + supervisor.STEADY_SECONDS + 1
    portal.look(now)
    assert "网页服务还没有起来，稍后再试：端口还被占着" in capsys.readouterr().err
    part.start = start
    portal.look(now + 2)
    assert part.is_running()


def test_leftovers_of_a_killed_start_are_ended(tmp_path):
    left = program(SLEEP, tmp_path)
    note = tmp_path / "running.json"
    gone = {"part": "server", "pid": 999999999, "born": 1.0}
    note.write_text(json.dumps([gone, {"part": "web", "pid": left.pid, "born": left.create_time()}]))
    clear_leftovers(note)
    left.wait(timeout=10)
    assert not note.exists()


def test_a_note_about_others_harms_nobody(tmp_path):
    """A number in the note may be another program by now."""
    bystander = program(SLEEP, tmp_path)
    note = tmp_path / "running.json"
    try:
        for text in (
            json.dumps([{"part": "server", "pid": 999999999, "born": 1.0}, {"part": "web", "pid": bystander.pid, "born": 1.0}]),
            "[[1", "[]", "[[999999999, 1.0]]",
        ):  # fmt: skip
            note.write_text(text)
            clear_leftovers(note)
            assert bystander.is_running()
            assert not note.exists()
    finally:
        bystander.kill()
        bystander.wait()
