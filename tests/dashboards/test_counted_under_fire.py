"""Real processes move, merge and count at once. The long run is bench/counted_under_fire.py; this is its short one."""

import os
import subprocess
import sys

import pytest


@pytest.mark.django_db
def test_what_many_workers_leave_is_counted_right():
    run = subprocess.run(
        [sys.executable, "bench/counted_under_fire.py", "--moves", "400", "--processes", "4"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "汇总与原始记录一致" in run.stdout
