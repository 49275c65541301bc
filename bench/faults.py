"""The portal under load while everything that can break is broken, one by one and several at once. What people were told
is counted against the database at the end: nothing acknowledged may be lost, nothing done twice.

    script/bench faults [--redis embedded|debian] [--submissions 5000] [--rate 4] [--only NAME …] [--write]
    script/bench faults --quick     five faults in a minute and a half
    script/bench faults --list      the faults by name

Starts a portal of its own with demonstration data under var/drill. Where it may (Linux, root), its data and photos lie
on disks of their own that can be filled. All traffic stays on this machine. Ends with 1 if a promise did not hold."""

import argparse
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from bench.drill import conduct, count, disks, table
from bench.drill.book import Book
from bench.drill.conduct import Conductor, Line
from bench.drill.count import Count
from bench.drill.faults import FAULTS, Fault
from bench.drill.load import HANDS, Load
from bench.drill.measure import RECOVERED_WITHIN
from bench.drill.people import WORDS
from bench.drill.portal import ROOT
from bench.drill.scene import Scene
from bench.drill.stage import cast, stage
from bench.drill.watch import Watch

RESIDENTS_A_RATE, RESIDENTS_OF_QUICK = 48, 12
"""Residents for each request a second: one person files at most 20 in ten minutes, tries that failed count too."""
LONGEST = 3 * 3600.0
QUIET_WITHIN = 120.0
MOST_SAID = 20


def main() -> int:
    options = _options()
    chosen = [fault for fault in FAULTS if _is_chosen(fault, options)]
    if options.list:
        print("\n".join(f"{fault.name:<28}{fault.words}" for fault in FAULTS))
        return 0
    if not chosen:
        print("There is no such fault; --list names all.", file=sys.stderr)
        return 2
    has_disks = not options.quick and not disks.lacking()
    if has_disks:
        disks.take_own_mounts()
    signal.signal(signal.SIGTERM, _stop)
    with stage(options.folder, redis=options.redis, has_disks=has_disks) as scene:
        return _drill(scene, chosen, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--redis", choices=("embedded", "debian"), default="embedded")
    parser.add_argument("--submissions", type=int, default=5000)
    parser.add_argument("--rate", type=float, default=4.0)
    parser.add_argument(
        "--within", type=float, default=RECOVERED_WITHIN, help="seconds in which all must be well again"
    )
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--folder", type=Path, default=ROOT / "var/drill")
    options = parser.parse_args()
    if options.quick:
        options.submissions, options.rate = 60, 2.0
    return options


def _is_chosen(fault: Fault, options: argparse.Namespace) -> bool:
    if options.only:
        return any(name in fault.name for name in options.only)
    return fault.is_quick or not options.quick


def _stop(_: int, __: FrameType | None) -> None:
    sys.exit(1)


def _drill(scene: Scene, chosen: list[Fault], options: argparse.Namespace) -> int:
    residents = RESIDENTS_OF_QUICK if options.quick else max(HANDS, int(options.rate * RESIDENTS_A_RATE))
    people = cast(scene.portal, residents=residents)
    book = Book(options.folder / "book.jsonl")
    load, watch = Load(people, book, port=scene.portal.port, rate=options.rate), Watch(scene, book)
    load.sign_in()
    load.start()
    watch.start()
    conductor = Conductor(scene, book, load, watch, within=options.within)
    print(f"{table.machine(options.redis)}\n{table.HEAD}", flush=True)
    if wrong := conductor.settle():
        print(f"Not well under load alone, before any fault: {wrong}", file=sys.stderr)
        return 1
    lines = []
    for fault in chosen:
        lines.append(conductor.run(fault))
        print(table.row(lines[-1]), flush=True)
    _go_on_until(conductor, book, options.submissions)
    load.stop()
    _wait_until_quiet(scene, watch)
    watch.stop()
    minutes = (time.monotonic() - conductor.began) / 60
    result = _count(scene, book, conductor, lines)
    text = f"{table.machine(options.redis)}. {table.summary(lines, result, minutes)}\n\n{table.table(lines)}"
    return _say(text, list(_problems(book, result, lines)), options)


def _go_on_until(conductor: Conductor, book: Book, submissions: int) -> None:
    until = conductor.began + LONGEST
    while len(book.told) < submissions and time.monotonic() < min(until, book.told[-1].at + QUIET_WITHIN):
        time.sleep(0.5)


def _wait_until_quiet(scene: Scene, watch: Watch) -> None:
    """Until what was told is routed and every message has gone out."""
    until = time.monotonic() + QUIET_WITHIN
    with scene.connect() as connection, connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT count(*) FROM notices_notice WHERE sent_at IS NULL AND due_at <= now()")
            if watch.has_seen_all_routed() and cursor.fetchone() == (0,):
                return
            time.sleep(0.5)


def _count(scene: Scene, book: Book, conductor: Conductor, lines: list[Line]) -> Count:
    result = count.compare(book, count.read(words=WORDS, acted_on={act.number for act in book.done}))
    result.checks = dict(count.run_checks(scene.portal))
    lost = conduct.by_fault(lines, book, result.lost, conductor.began)
    doubled = conduct.by_fault(lines, book, result.doubled, conductor.began)
    for line in lines:
        line.lost, line.doubled = lost[line.fault.name], doubled[line.fault.name]
    return result


def _say(text: str, problems: list[str], options: argparse.Namespace) -> int:
    print(f"\n{text}\n\n" + ("\n".join(problems) or "All promises held."))
    if options.write:
        table.write(ROOT / "docs/reliability.md", f"faults {options.redis}", text)
    return 1 if problems else 0


def _problems(book: Book, result: Count, lines: list[Line]) -> Iterator[str]:
    for name, troubles in (("lost", result.lost), ("doubled", result.doubled)):
        for token, words in list(troubles.items())[:MOST_SAID]:
            yield f"{name} {token}: {'; '.join(words)}"
    yield from (f"manage.py {command}: {words}" for command, words in result.checks.items())
    for line in lines:
        if line.outcome is not None:
            yield from (f"{line.fault.name}: {words}" for words in line.outcome.wrong)
    yield from (f"an answer nobody should get: {words}" for words in book.odd[:MOST_SAID])
    if book.given_up:
        yield f"{len(book.given_up)} requests were never acknowledged"


if __name__ == "__main__":
    sys.exit(main())
