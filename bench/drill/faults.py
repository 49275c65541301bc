"""What goes wrong in a county's machine room, one function each. A function returns when the cause is gone; where it is
never gone by itself (a part that hangs for good), it returns at once, and the portal has to help itself."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import psutil

from bench.drill.scene import NotPossible, Scene

MEGABYTE = 1024**2
FIND_WITHIN = 25.0
"""Seconds in which a child of the worker is found that does what is wanted; a sweep falls into them."""


@dataclass(frozen=True)
class Fault:
    name: str
    words: str
    inflict: Callable[[Scene], None]
    is_quick: bool = False


FAULTS: list[Fault] = []


def fault(words: str, *, quick: bool = False) -> Callable[[Callable[[Scene], None]], Callable[[Scene], None]]:
    """Its name is the function's."""

    def listed(inflict: Callable[[Scene], None]) -> Callable[[Scene], None]:
        FAULTS.append(Fault(inflict.__name__.replace("_", "-"), words, inflict, quick))
        return inflict

    return listed


# One part


@fault("idle child of the worker killed", quick=True)
def worker_child_idle(scene: Scene) -> None:
    scene.kill(_child_of_worker(scene, is_busy=False))


@fault("busy child of the worker killed in the middle of a task")
def worker_child_busy(scene: Scene) -> None:
    """A lock on the cases holds it in its task until it is found."""
    with scene.cases_locked():
        scene.kill(_child_of_worker(scene, is_busy=True))


def _child_of_worker(scene: Scene, *, is_busy: bool) -> psutil.Process:
    until = time.monotonic() + FIND_WITHIN
    while time.monotonic() < until:
        for child in scene.children("worker"):
            if _stays(scene, child, is_busy=is_busy):
                return child
    raise NotPossible(f"no {'busy' if is_busy else 'idle'} child was found within {FIND_WITHIN:.0f} s")


def _stays(scene: Scene, child: psutil.Process, *, is_busy: bool) -> bool:
    """For a tenth of a second: what begins and ends meanwhile is not what is looked for."""
    for _ in range(10):
        if scene.is_busy(child) != is_busy:
            return False
        time.sleep(0.01)
    return True


@fault("worker killed", quick=True)
def worker_killed(scene: Scene) -> None:
    scene.kill(scene.part("worker"))


@fault("worker hangs for good (stopped, not dead)")
def worker_hangs(scene: Scene) -> None:
    scene.hang(*scene.family("worker"))


@fault("beat killed", quick=True)
def beat_killed(scene: Scene) -> None:
    scene.kill(scene.part("beat"))


@fault("beat hangs for good")
def beat_hangs(scene: Scene) -> None:
    scene.hang(*scene.family("beat"))


@fault("one process of the web server killed", quick=True)
def web_child_killed(scene: Scene) -> None:
    scene.kill(scene.children("web")[0])


@fault("one process of the web server hangs for good")
def web_child_hangs(scene: Scene) -> None:
    scene.hang(scene.children("web")[0])


@fault("web server killed (its first process)")
def web_killed(scene: Scene) -> None:
    scene.kill(scene.part("web"))


# The broker


@fault("Redis killed, back after 6 s where the portal does not start it itself", quick=True)
def redis_killed(scene: Scene) -> None:
    scene.kill(scene.part("redis"))
    if scene.debian is not None:
        time.sleep(6)
        scene.bring_redis_back()


@fault("Redis emptied (FLUSHALL)")
def redis_emptied(scene: Scene) -> None:
    scene.begins()
    scene.redis().flushall()


@fault("Redis hangs for 40 s: nothing refused, nothing answered")
def redis_hangs(scene: Scene) -> None:
    scene.hang_for(40, scene.part("redis"))


@fault("Redis down for a minute")
def redis_down(scene: Scene) -> None:
    scene.keep_down("redis", 60)
    scene.bring_redis_back()


# The database


@fault("one process of PostgreSQL killed")
def database_child_killed(scene: Scene) -> None:
    for pid in scene.backends():  # they come and go
        with suppress(psutil.NoSuchProcess):
            scene.kill(psutil.Process(pid))
            return
    raise NotPossible("nobody was served at this moment")


@fault("PostgreSQL killed (its first process)")
def database_killed(scene: Scene) -> None:
    scene.kill(scene.part("postgres"))


@fault("PostgreSQL hangs for 15 s")
def database_hangs(scene: Scene) -> None:
    scene.hang_for(15, *scene.family("postgres"))


@fault("all 100 connections to PostgreSQL used up by somebody else for 20 s")
def database_connections_gone(scene: Scene) -> None:
    scene.take_connections(20)


@fault("PostgreSQL slow: the table of cases locked for 20 s")
def database_slow(scene: Scene) -> None:
    with scene.cases_locked():
        scene.begins()
        time.sleep(20)


# Disks


@fault("disk of the photos full for 20 s")
def photo_disk_full(scene: Scene) -> None:
    with scene.photo_disk.filled():
        scene.begins()
        time.sleep(20)


@fault("disk of the photos read-only for 20 s")
def photo_disk_read_only(scene: Scene) -> None:
    with scene.photo_disk.read_only():
        scene.begins()
        time.sleep(20)


@fault("disk of the data nearly full (50 MB left) for 40 s")
def data_disk_nearly_full(scene: Scene) -> None:
    with scene.data_disk.filled(leaving=50 * MEGABYTE):
        scene.begins()
        time.sleep(40)


@fault("disk of the data full to the last byte for 20 s")
def data_disk_full(scene: Scene) -> None:
    with scene.data_disk.filled():
        scene.begins()
        time.sleep(20)


# Several at once


@fault("web server and worker killed together")
def web_and_worker_killed(scene: Scene) -> None:
    scene.kill(scene.part("web"), scene.part("worker"))


@fault("Redis and PostgreSQL killed together")
def redis_and_database_killed(scene: Scene) -> None:
    scene.kill(scene.part("redis"), scene.part("postgres"))
    scene.bring_redis_back()


@fault("every part killed at once, with all its children")
def every_part_killed(scene: Scene) -> None:
    names = [name for name in scene.portal.parts() if name not in {"server", "redis"}]
    scene.kill(*(process for name in names for process in scene.family(name)), scene.part("redis"))
    scene.bring_redis_back()


# The portal itself


@fault("stopped politely and started again")
def restarted(scene: Scene) -> None:
    scene.begins()
    scene.restart()


@fault("script/server killed and started again 5 s later")
def server_killed(scene: Scene) -> None:
    scene.kill(scene.part("server"))
    time.sleep(5)
    _next_start(scene)


@fault("power cut: everything killed, started again 5 s later")
def power_cut(scene: Scene) -> None:
    scene.kill(*scene.portal.everything())
    time.sleep(5)
    _next_start(scene)


def _next_start(scene: Scene) -> None:
    if scene.portal.process is not None:
        scene.portal.process.wait(5)
    scene.portal.start()


# The clock


@fault("the clock jumps an hour ahead")
def clock_ahead(scene: Scene) -> None:
    set_clock = scene.begin_with_false_clock()
    scene.begins()
    set_clock(3600)


@fault("the clock jumps an hour back")
def clock_back(scene: Scene) -> None:
    set_clock = scene.begin_with_false_clock()
    scene.begins()
    set_clock(-3600)
