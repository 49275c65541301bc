"""Row 12: the first start of a portal, its packages installed.

python -m bench.costs.first_start   the steps in a DATA_DIR that is empty, as JSON: name -> seconds"""

import json
import os
import subprocess
import sys
import tempfile
import time
from typing import Any
from unittest.mock import patch

from bench.costs.figures import Figure
from bench.drill.portal import NOT_OURS, ROOT


def first_start() -> list[Figure]:
    """Seconds of what script/server does before its parts start, in a folder that is empty, with the whole demonstration:
    the database made and started (zhenghe.embedded.environment), Django set up, and each command that `prepare --demo`
    calls, in a process of its own. Installing packages is not in it, nor the second or two in which web server and worker
    start."""
    with tempfile.TemporaryDirectory(prefix="bench-first-start-") as folder:
        env = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        env |= {"DATA_DIR": folder, "DEMO": "1", "LOG_LEVEL": "ERROR", "REDIS_URL": "memory://"}
        command = [sys.executable, "-m", "bench.costs.first_start"]
        done = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)
    steps: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return [
        Figure("first start after packages", sum(steps.values()), "s", 45),
        *(Figure(f"… {name}", seconds, "s", None) for name, seconds in steps.items()),
    ]


def main() -> None:
    steps: dict[str, float] = {}
    clock = time.monotonic()

    def stamp(name: str) -> None:
        nonlocal clock
        now = time.monotonic()
        steps[name] = steps.get(name, 0) + now - clock
        clock = now

    from zhenghe.embedded import environment

    os.environ.update(environment(), DJANGO_SETTINGS_MODULE="zhenghe.settings")
    stamp("PostgreSQL")
    import django
    from django.core.management import call_command

    django.setup()
    stamp("Django")

    def called(name: str, *words: Any, **options: Any) -> Any:
        returned = call_command(name, *words, **options)
        stamp(name)
        return returned

    with patch("zhenghe.management.commands.prepare.call_command", called):
        call_command("prepare", demo=True)
    print(json.dumps(steps))


if __name__ == "__main__":
    main()
