"""A sample of bad inputs at a sample of doors; `script/bench bad_inputs` tries them all."""

import os
import re
import subprocess
import sys

from django.conf import settings


def test_a_sample_of_bad_inputs_is_answered_without_a_fault():
    command = [sys.executable, "bench/bad_inputs.py", "--quick", "--processes", "1"]
    env = {**os.environ, "PYTHONPATH": str(settings.BASE_DIR)}
    ran = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
    (tried,) = re.findall(r"^请求\s+(\d+)$", ran.stdout, re.MULTILINE)
    assert int(tried) > 200
