"""Real processes write the tree at once. The long run is bench/tree_under_fire.py; this is its short one."""

import os
import subprocess
import sys

import pytest


@pytest.mark.django_db
def test_many_writers_leave_the_trees_valid():
    run = subprocess.run(
        [sys.executable, "bench/tree_under_fire.py", "--seconds", "3", "--processes", "4"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "网格树没有问题" in run.stdout
