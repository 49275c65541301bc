"""Every field of every form and of the API, every word of a query, every part of an address, headers and cookies, with
whatever they should not be: the portal answers each with a sentence, never with a fault.

    script/bench bad_inputs [--processes 2] [--only WORDS]
    script/bench bad_inputs --quick [--seed 1]      a sample, in a minute

Plants the demonstration in databases of its own, which it drops again, and asks the whole application in these processes.
All that a request writes is taken back. Prints how much was tried, and each answer of 500 and more, that shows what is
inside, or takes more than five seconds; ends with 1 if there was any."""

import argparse
import multiprocessing
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import time_machine

from bench import _database, bad
from bench.bad import asking, discovery, world
from bench.bad.asking import Sent
from bench.bad.discovery import Seen
from bench.bad.trials import Filled, Finding, Result, Target
from bench.bad.values import SESSION
from bench.bad.world import Door, World
from tests.support.machine import TODAY

DATABASE = "bench_bad_inputs"
DOORS_OF_QUICK, VISITORS_OF_QUICK, TARGETS_OF_QUICK, SHARE_OF_QUICK = 40, 6, 60, 0.15
STEP = 200
SHOWN = 400
"""Signs of a request that are printed."""


def main() -> int:
    options = _options()
    began = time.monotonic()
    with time_machine.travel(TODAY, tick=True):
        planted = world.plant(DATABASE, with_cases=not options.quick)
        print(f"准备用时 {time.monotonic() - began:.0f} 秒", flush=True)
        databases = [f"{DATABASE}_{number}" for number in range(options.processes)]
        for database in databases:
            _database.copy(DATABASE, database)
        try:
            is_good = _run(planted, databases, options)
        finally:
            for database in [DATABASE, *databases]:
                _database.drop(database)
            bad.files.cleanup()
    print(f"用时 {time.monotonic() - began:.0f} 秒")
    return 0 if is_good else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="part of a route")
    return parser.parse_args()


def _run(planted: World, databases: Sequence[str], options: argparse.Namespace) -> bool:
    asking.watch()
    doors = [door for door in planted.doors if options.only in door.route]
    chance = random.Random(options.seed)
    if options.quick:
        doors = chance.sample(doors, min(len(doors), DOORS_OF_QUICK))
    visits = [(door, who) for door in doors for who in _visitors(planted, door, chance, options)]
    with _workers(planted, databases, options) as workers:
        seen = workers.starmap(_look, visits, chunksize=20)
        targets = discovery.targets(planted._replace(doors=doors), seen)
        if options.quick:
            targets = chance.sample(targets, min(len(targets), TARGETS_OF_QUICK))
        print(f"看了 {len(visits)} 次，要试 {len(targets)} 处", flush=True)
        results = list(_as_they_come(workers.imap_unordered(_try, enumerate(targets)), len(targets)))
    _print_what_was_tried(doors, seen, targets, results)
    findings = [finding for result in results for finding in result.findings]
    _print_findings(findings)
    return not findings


def _as_they_come(results: Iterable[Result], total: int) -> Iterator[Result]:
    """Says on the way how far it is, and at once where something is wrong."""
    for done, result in enumerate(results, start=1):
        for finding in result.findings[:1]:
            print(f"✗ {finding.door}  {finding.what}  {finding.wrong}", flush=True)
        if done % STEP == 0:
            print(f"{done} / {total}", flush=True)
        yield result


def _visitors(planted: World, door: Door, chance: random.Random, options: argparse.Namespace) -> list[str]:
    several = discovery.visitors(planted, door)
    return chance.sample(several, min(len(several), VISITORS_OF_QUICK)) if options.quick else several


_here: dict[str, Any] = {}
"""What this process works with."""


def _workers(planted: World, databases: Sequence[str], options: argparse.Namespace) -> Any:
    context = multiprocessing.get_context("fork")
    free = context.SimpleQueue()
    for database in databases:
        free.put(database)

    def begin() -> None:
        _database.use(free.get())
        _here.update(world=planted, quick=options.quick, seed=options.seed)

    return context.Pool(len(databases), begin)


def _look(door: Door, who: str) -> Seen:
    return discovery.look(_here["world"], door, who)


def _try(numbered: tuple[int, Target]) -> Result:
    number, target = numbered
    result, client = Result(), _here["world"].people[target.who]
    session = client.cookies["sessionid"].value if "sessionid" in client.cookies else ""
    chance = random.Random(f"{_here['seed']} {number}")

    def ask(what: str, label: str, sent: Sent) -> None:
        if len(sent.address) > asking.LINE or (_here["quick"] and chance.random() > SHARE_OF_QUICK):
            return
        headers = {name: value.replace(SESSION, session) for name, value in sent.headers.items()}
        answer = asking.ask(client, sent._replace(headers=headers))
        result.statuses[answer.status] += 1
        if answer.wrong:
            sent_words = f"{sent.method} {sent.address} {sent.body[:SHOWN]!r}"[:SHOWN]
            result.findings.append(Finding(answer.wrong, target.door.route, target.who, f"{what}: {label}", sent_words))

    target.run(ask)
    return result


def _print_what_was_tried(doors: list[Door], seen: list[Seen], targets: list[Target], results: list[Result]) -> None:
    statuses = sum((result.statuses for result in results), Counter[int]())
    opened = {visit.door.route for visit in seen if visit.is_open or visit.takes_posts}
    kinds = Counter[str]()
    for target in targets:
        kinds[type(target).__name__] += target.fields
    rows = [
        ("路由", len({door.route for door in doors})),
        ("其中打开过的", len(opened)),
        ("表单", sum(isinstance(target, Filled) for target in targets)),
        ("表单的栏目", kinds["Filled"]),
        ("查询参数", kinds["Query"]),
        ("地址参数", kinds["Address"]),
        ("接口的栏目", kinds["Api"]),
        ("请求", statuses.total()),
        *((f"回答 {status}", statuses[status]) for status in sorted(statuses)),
    ]
    for label, number in rows:
        print(f"{label:　<8}{number:>8}")
    shut = sorted({door.route for door in doors} - opened)
    print(f"没有人能打开的路由 {len(shut)} 个：{'、'.join(shut)}")


def _print_findings(findings: list[Finding]) -> None:
    """Those of one kind together, the most frequent first."""
    kinds: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        kinds[finding.wrong.partition(": ")[0]].append(finding)
    for wrong, several in sorted(kinds.items(), key=lambda kind: -len(kind[1])):
        print(f"\n✗ {len(several)} 次 {wrong}")
        for door, what in list(dict.fromkeys((finding.door, finding.what) for finding in several))[:6]:
            print(f"    {door}  {what}")
        print(f"    {several[0].wrong}\n    {several[0].who}: {several[0].sent}")
    print(f"\n有问题的回答 {len(findings)} 个，{len(kinds)} 种")


if __name__ == "__main__":
    sys.exit(main())
