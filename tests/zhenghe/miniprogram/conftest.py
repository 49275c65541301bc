"""What the mini-program is made with."""

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

MINI = settings.BASE_DIR / "miniprogram"
INSTALLED = MINI / "node_modules/installed"
"""Which package-lock.json was installed last."""


@pytest.fixture(scope="session")
def node() -> Callable[..., str]:
    """Runs node or npm in miniprogram/, with all packages there; gives what was printed."""
    wanted = hashlib.sha256((MINI / "package-lock.json").read_bytes()).hexdigest()
    with (MINI / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # processes of pytest install it once
        if not INSTALLED.exists() or INSTALLED.read_text() != wanted:
            run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            INSTALLED.write_text(wanted)
    return run


def run(*command: str) -> str:
    ended = subprocess.run(command, cwd=MINI, capture_output=True, text=True, timeout=600)
    assert ended.returncode == 0, f"{' '.join(command)}\n{ended.stdout[-8000:]}\n{ended.stderr[-8000:]}"
    return ended.stdout


@pytest.fixture
def build(node: Callable[..., str], tmp_path: Path) -> Path:
    """The mini-program as WeChat's tools make it, in a folder of this test's own."""
    node(os.environ["TEST_NODE"], "tools/build.js", str(tmp_path / "build"))
    return tmp_path / "build"
