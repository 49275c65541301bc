"""Advisory locks: all in one file, no two the same, none taken past it."""

import re

from django.conf import settings

from locks import Lock


def test_no_two_locks_share_a_number():
    assert len(Lock) == len(Lock.__members__)  # an IntEnum makes the second of a number an alias of the first


def test_nobody_takes_a_lock_past_the_list():
    taken = [
        str(path.relative_to(settings.BASE_DIR))
        for path in settings.BASE_DIR.glob("*/**/*.py")
        if path.relative_to(settings.BASE_DIR).parts[0] not in {"locks", "tests", ".venv", "var"}
        and re.search(r"pg_(try_)?advisory", path.read_text())
    ]
    assert taken == []


def test_each_lock_is_taken_by_the_file_it_names():
    text = (settings.BASE_DIR / "locks/__init__.py").read_text()
    for name in Lock.__members__:
        about = text.split(f"    {name} = ")[1].split("\n    ", 2)[1].split('"""')[1]
        for path in re.findall(r"\((\w+/[\w/]+\.py)\)", about):
            assert (settings.BASE_DIR / path).exists(), (name, path)
