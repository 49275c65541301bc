"""Eight processes add and move grids in two streets at once; afterwards both trees must be valid.

    script/bench tree_under_fire [--seconds 30] [--processes 8] [--no-lock]

`--no-lock` takes the lock away, to show what it is for. Works in a database of its own, which it drops again."""

import argparse
import multiprocessing
import os
import random
import sys
import time

import _database
import django

DATABASE = "bench_tree"


def main() -> int:
    options = _options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenghe.settings")
    django.setup()
    _database.own(DATABASE)
    streets = _plant()
    with multiprocessing.get_context("fork").Pool(options.processes) as pool:
        work = [(seed, streets, options.seconds, options.no_lock) for seed in range(options.processes)]
        written = pool.starmap(_hammer, work)
    from grids.models import Grid
    from grids.tree.services import problems

    faults = problems()
    print(f"{options.processes} 个进程，{options.seconds} 秒，写入 {sum(written)} 次，网格 {Grid.objects.count()} 个")
    print("\n".join(faults[:10]) if faults else "网格树没有问题")
    print(f"{len(faults)} 处问题")
    _database.drop(DATABASE)
    return 1 if faults else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--no-lock", action="store_true")
    return parser.parse_args()


def _plant() -> list[int]:
    """Two streets of two communities of two estates, so that there is something to move between."""
    from django.db import connection

    from grids.tree import services as tree

    streets = []
    for number in range(2):
        street = tree.add_street(name=f"街道{number}", code=f"35072500{number}")
        for name in "甲乙":
            community = tree.add(parent=street, name=f"{name}社区")
            for other in "丙丁":
                tree.add(parent=community, name=f"{name}{other}小区")
        streets.append(street.pk)
    connection.close()
    return streets


def _hammer(seed: int, streets: list[int], seconds: float, no_lock: bool) -> int:
    from django.core.exceptions import ValidationError
    from django.db import Error
    from django.utils import timezone

    from grids.models import Grid
    from grids.tree import nested
    from grids.tree import services as tree

    if no_lock:
        nested.take_lock = lambda model, key: None
    chance = random.Random(seed)
    written, deadline = 0, time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if chance.random() < 0.6:
                parent = Grid.objects.filter(level__in=(1, 2, 3)).order_by("?")[0]
                tree.add(parent=parent, name=f"{seed}-{written}-{chance.random():.9f}")
            else:
                level = chance.choice((2, 3, 4))
                node = Grid.objects.filter(level=level).order_by("?").first()
                to = Grid.objects.filter(level=level - 1).order_by("?").first()
                if node is None or to is None:
                    continue
                tree.move(node=node, to=to, at=timezone.now())
            written += 1
        except (ValidationError, Error):
            continue  # refused: somebody was faster
        except Exception:
            if not no_lock:  # without the lock the tree breaks under our feet, which is what is to be seen
                raise
    return written


if __name__ == "__main__":
    sys.exit(main())
