"""Keeps the parts of script/server running: one that dies or hangs is started again, sooner at first, then less often.

Plain processes; in production systemd does the same. Every part writes to this terminal; what happens to it is said in
one line."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import psutil

from zhenghe.embedded import CannotStart

LOOK_SECONDS = 0.5
PROBE_SECONDS = 2
LONGEST_WAIT = 5
STEADY_SECONDS = 30
"""A part that ran so long counts as well again: its next death is its first."""
MANY_FAILURES = 4
GRACE_SECONDS = 20
"""A part that has just begun need not answer yet."""
STOP_SECONDS = 15


@dataclass
class Part:
    """One process, with those it starts."""

    code: str
    label: str
    start: Callable[[], psutil.Process]
    """Starts it; may raise CannotStart."""
    is_stuck: Callable[[], bool] = lambda: False
    """Asked every few seconds while it runs: whether it is alive and does nothing."""
    patience: int = 3
    """How many times in a row it must be found stuck before it is killed."""
    is_ours: bool = True
    """Whether it ends with script/server. The embedded database ends with its last user (zhenghe/embedded.py)."""
    process: psutil.Process | None = None
    began: float = 0.0
    failures: int = 0
    next_try: float = 0.0
    times_stuck: int = field(default=0, repr=False)

    def is_running(self) -> bool:
        try:
            return self.process is not None and self.process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def begin(self, now: float) -> None:
        self.process = self.start()
        self.began, self.times_stuck = now, 0

    def how_it_ended(self) -> str:
        if not isinstance(self.process, psutil.Popen):
            return "进程不在了"
        code = self.process.poll()
        return f"被信号 {-code} 结束" if code is not None and code < 0 else f"退出码 {code}"


class Supervisor:
    """Parts in the order in which they are started; they are stopped the other way round."""

    def __init__(self, parts: list[Part], *, note: Path) -> None:
        self.parts, self.note = parts, note
        self.next_probe = 0.0

    def start(self) -> None:
        for part in self.parts:
            part.begin(time.monotonic())
            self.write_note()

    def refuse_dead(self) -> None:
        """While starting up, a part that stops by itself stops everything. Raises CannotStart."""
        for part in self.parts:
            if not part.is_running():
                raise CannotStart(f"{part.label}自己停了（{part.how_it_ended()}），其余已停止。请看上面的日志。")

    def watch(self) -> NoReturn:
        while True:
            self.look(time.monotonic())
            time.sleep(LOOK_SECONDS)

    def look(self, now: float) -> None:
        """Start what is down and due, kill what is stuck."""
        for part in self.parts:
            if not part.is_running():
                self._start_again(part, now)
        if now >= self.next_probe:
            self.next_probe = now + PROBE_SECONDS
            for part in self.parts:
                if part.is_running() and now - part.began > GRACE_SECONDS:
                    self._probe(part)

    def _start_again(self, part: Part, now: float) -> None:
        if part.began:  # it was running when we last looked
            part.failures = 0 if now - part.began > STEADY_SECONDS else part.failures + 1
            wait = min(LONGEST_WAIT, 2**part.failures - 1)
            part.next_try, part.began = now + wait, 0.0
            self._say_it_is_down(part, wait)
        if now < part.next_try:
            return
        _end_group(part.process)
        try:
            part.begin(now)
        except CannotStart as refusal:
            part.failures += 1
            part.next_try = now + min(LONGEST_WAIT, 2**part.failures - 1)
            say(f"{part.label}还没有起来，稍后再试：{refusal}")
            return
        self.write_note()

    def _say_it_is_down(self, part: Part, wait: int) -> None:
        if part.failures < MANY_FAILURES:
            say(f"{part.label}停了（{part.how_it_ended()}），{f'{wait} 秒后' if wait else '正在'}重新启动。")
        else:
            say(
                f"{part.label}连续 {part.failures + 1} 次启动后又停（{part.how_it_ended()}），{wait} 秒后再试，请看上面的日志。"
            )

    def _probe(self, part: Part) -> None:
        part.times_stuck = part.times_stuck + 1 if part.is_stuck() else 0
        if part.times_stuck >= part.patience:
            say(f"{part.label}没有反应，先结束它再重新启动。")
            _end_group(part.process)

    def write_note(self) -> None:
        """Who runs here, this process first, each with its birth: a number alone may come back as another program."""
        running = [("server", psutil.Process()), *((part.code, part.process) for part in self.parts)]
        lines = [
            {"part": code, "pid": process.pid, "born": process.create_time()}
            for code, process in running
            if process is not None and process.is_running()
        ]
        beside = self.note.with_suffix(".new")
        beside.write_text(json.dumps(lines))
        beside.replace(self.note)

    def stop(self) -> None:
        """The web server first, the broker last."""
        for part in reversed(self.parts):
            if part.is_ours and part.is_running() and part.process is not None:
                end([part.process])


def clear_leftovers(note: Path) -> None:
    """A start that was killed could not stop its parts; the note says who they were. Raises CannotStart if it lives."""
    if not note.exists():
        return
    with suppress(ValueError, TypeError, KeyError):  # not one of ours
        server, *parts = json.loads(note.read_text())
        if (running := _alive(server)) is not None:
            raise CannotStart(f"这里已经有一个在运行（进程 {running.pid}），先停下它：kill {running.pid}")
        left = [_alive(part) for part in parts if part["part"] != "postgres"]
        end([process for process in left if process is not None])
    note.unlink()


def _alive(line: dict[str, object]) -> psutil.Process | None:
    try:
        process = psutil.Process(int(str(line["pid"])))
        is_same = process.create_time() == line["born"] and process.status() != psutil.STATUS_ZOMBIE
        return process if is_same else None
    except psutil.NoSuchProcess:
        return None


def end(processes: list[psutil.Process]) -> None:
    """Politely first; what does not go is killed, with all it started."""
    families = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            families += [*process.children(recursive=True), process]
            process.terminate()
    _, stubborn = psutil.wait_procs(families, timeout=STOP_SECONDS)
    for process in stubborn:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def child(command: list[str], *, folder: Path, env: dict[str, str]) -> psutil.Process:
    """A session of its own: Ctrl-C reaches script/server alone, which then stops the parts in order; and what a part
    leaves behind can be ended with its group."""
    return psutil.Popen(command, cwd=folder, env=env, start_new_session=True)


def _end_group(process: psutil.Process | None) -> None:
    """Kill a part and what it started, also when it is dead already and its children are nobody's."""
    if isinstance(process, psutil.Popen):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired, psutil.TimeoutExpired):
            process.wait(timeout=5)


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
