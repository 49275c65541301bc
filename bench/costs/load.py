"""People at the door of a web server, in a process of their own:  python -m bench.costs.load < plan.json > answers.json

A plan names its asks and how they are sent: each of `clients` threads takes the next ask in turn and keeps its connections.
It ends after `count` asks, or after `seconds`; with a `rate` no ask is sent before its time, so many a second. `{key}` in a body becomes a UUID of its own."""

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection
from itertools import count, cycle
from uuid import uuid4


@dataclass(frozen=True)
class Ask:
    port: int
    method: str
    path: str
    headers: dict[str, str]
    body: str = ""
    name: str = ""
    """Of those whose times are put together."""


@dataclass
class Answers:
    seconds: float = 0
    times: dict[str, list[float]] = field(default_factory=dict)
    """Name of asks -> seconds of each that was answered well."""
    refused: dict[str, int] = field(default_factory=dict)
    """Answer that was none of 2xx -> how many."""


def sent(asks: list[Ask], *, clients: int = 1, most: int = 0, seconds: float = 0, rate: float = 0) -> Answers:
    """Send them from a process of its own. Raises RuntimeError when one was refused: what was refused cost less."""
    plan = {"asks": [asdict(ask) for ask in asks], "clients": clients, "count": most, "seconds": seconds, "rate": rate}
    done = subprocess.run(
        [sys.executable, "-m", "bench.costs.load"], input=json.dumps(plan), capture_output=True, text=True, check=True
    )
    answers = Answers(**json.loads(done.stdout))
    if answers.refused:
        raise RuntimeError(f"refused: {answers.refused}")
    return answers


def main() -> None:
    plan = json.load(sys.stdin)
    asks = cycle([Ask(**ask) for ask in plan["asks"]])
    numbers, lock, answers, refused = count(), threading.Lock(), Answers(), Counter[str]()
    began = time.monotonic()
    until = began + plan["seconds"] if plan["seconds"] else float("inf")

    def take() -> Ask | None:
        with lock:
            number, ask = next(numbers), next(asks)
        if plan["rate"]:
            time.sleep(max(0.0, began + number / plan["rate"] - time.monotonic()))
        is_over = time.monotonic() >= until or (plan["count"] and number >= plan["count"])
        return None if is_over else ask

    def person() -> None:
        doors: dict[int, HTTPConnection] = {}
        while ask := take():
            took, status, text = _ask(doors, ask)
            with lock:
                if 200 <= status < 300:
                    answers.times.setdefault(ask.name, []).append(took)
                else:
                    refused[f"{ask.method} {ask.path} {status} {text[:300]}"] += 1

    threads = [threading.Thread(target=person) for _ in range(plan["clients"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.seconds, answers.refused = time.monotonic() - began, dict(refused)
    json.dump(asdict(answers), sys.stdout)


def _ask(doors: dict[int, HTTPConnection], ask: Ask) -> tuple[float, int, str]:
    """Seconds, status and the answer. A connection that the server has let go is opened anew, as browsers do."""
    body = ask.body.replace("{key}", str(uuid4())).encode() or None
    for is_last in (False, True):
        door = doors.setdefault(ask.port, HTTPConnection("127.0.0.1", ask.port, timeout=60))
        began = time.perf_counter()
        try:
            door.request(ask.method, ask.path, body, ask.headers)
            answer = door.getresponse()
            text = answer.read().decode(errors="replace")
        except (ConnectionError, OSError):
            door.close()
            if is_last:
                raise
            continue
        return time.perf_counter() - began, answer.status, text
    raise AssertionError("asked twice")


def per_second(answers: Answers) -> float:
    return sum(map(len, answers.times.values())) / answers.seconds


if __name__ == "__main__":
    main()
