"""The parts of bench/bad_inputs.py: where it is tried (world), what pages ask for (pages), what is sent instead (values,
trials), and what the portal answers (asking). Importing any of them sets Django up, the bell ringing into the void and
files in a folder that goes with the process."""

import logging
import os
import tempfile

import django

files = tempfile.TemporaryDirectory(prefix="bad-inputs-")
os.environ.update(REDIS_URL="memory://", MEDIA_ROOT=files.name, PROXIES="2", DJANGO_SETTINGS_MODULE="zhenghe.settings")
os.environ.setdefault("DEMO", "1")
django.setup()
logging.disable(logging.CRITICAL)
