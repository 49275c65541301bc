"""Names that say something: no locals that tell a stranger nothing, and the words of docs/glossary.md in the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.house.test_house import FLOOR
from tests.support.source import tree_of

SAYS_NOTHING = {"one", "found", "said"}
GLOSSARY = settings.BASE_DIR / "docs/glossary.md"
ROOMS = [*FLOOR, "bench", "tests"]


@pytest.mark.parametrize("room", ROOMS)
def test_no_local_says_nothing(room):
    named = [
        f"{path.relative_to(settings.BASE_DIR)}:{line} {name}"
        for path in sorted((settings.BASE_DIR / room).rglob("*.py"))
        if "migrations" not in path.parts
        for name, line in _bound(tree_of(path))
        if name in SAYS_NOTHING
    ]
    assert named == [], "name what it holds (docs/glossary.md)"


def _bound(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Names of locals, parameters and loop variables; what stands in the body of a class is its attribute."""
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    attributes = {id(name) for node in classes for step in node.body for name in _targets(step)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in attributes:
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name, node.lineno


def _targets(step: ast.stmt) -> list[ast.expr]:
    if isinstance(step, ast.AnnAssign):
        return [step.target]
    return step.targets if isinstance(step, ast.Assign) else []


CODE = "\n".join(path.read_text() for room in FLOOR for path in (settings.BASE_DIR / room).rglob("*.py"))


def _rows(heading: str) -> list[list[str]]:
    part = GLOSSARY.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [[cell.strip() for cell in row.strip("| ").split("|")] for row in re.findall(r"^\|.*\|$", part, re.M)[2:]]


@pytest.mark.parametrize("row", _rows("Words of the field"), ids=lambda row: row[0])
def test_words_of_the_field_are_those_of_the_code(row):
    for chinese in row[0].split(", "):
        assert chinese in CODE, chinese
    for name in re.findall(r"`([\w.]+)`", row[1]):
        assert re.search(rf"\b{re.escape(name.split('.')[-1])}\b", CODE), name


@pytest.mark.parametrize("row", _rows("Called otherwise before"), ids=lambda row: row[0])
def test_what_was_called_otherwise_is_called_so_no_more(row):
    for old in re.findall(r"[\w./]+\.py", row[0]):
        assert not list(settings.BASE_DIR.glob(old if "/" in old else f"*/{old}")), old
    for new in re.findall(r"`([\w/]+\.py)`", row[1]):
        assert list(Path(settings.BASE_DIR).glob(f"**/{new}")), new
