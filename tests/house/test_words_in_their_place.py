"""In the whole of a page "77" or "已到" may stand by chance, and a test of it would pass or fail by chance: a short word is
looked for in its place (`inside` and `words` of tests/support/pages.py with a path). That a name stands nowhere may be asked of
the whole page, for wherever it stood would be wrong."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from tests.support.source import tree_of

TESTS = settings.BASE_DIR / "tests"
SHORT = 3
SAME_WORDS = {"unescape", "str", "replace", "lower", "strip", "join"}
"""Calls that give back the whole of what they are given."""
Names = dict[str, list[ast.expr]]


@pytest.mark.parametrize("path", sorted(TESTS.rglob("*.py")), ids=lambda path: path.stem)
def test_short_words_are_looked_for_in_their_place(path):
    assert not (wrong := list(_misplaced(path))), "\n".join(wrong)


def test_each_way_to_ask_the_whole_page_is_seen(tmp_path):
    asked = {
        "assert '已到' in client.get('/').content.decode()": True,
        "page = client.get('/').content.decode()\n    assert '已到' in page": True,
        "assert b'77' in client.get('/').content": True,
        "assert '已到' in inside(client.get('/'))": True,
        "words = inside(client.get('/'), MAIN)\n    assert '已到' in words": True,
        "for word in ('已到', '没有到场'):\n        assert word in inside(client.get('/'))": True,
        "assert all(word in shown() for word in ['已到'])": True,
        "assert shown().count('77') == 1": True,
        "assert '77' not in shown()": True,
        "assert '李强' not in shown()": False,
        "assert '已到' in inside(client.get('/'), '//h1')": False,
        "assert '没有到场' in shown()": False,
    }
    for number, (line, is_wrong) in enumerate(asked.items()):
        file = tmp_path / f"test_{number}.py"
        helper = "def shown():\n    return client.get('/').content.decode()\n\n\n"
        file.write_text(f"{helper}def test_it(client):\n    {line}\n")
        assert bool(list(_misplaced(file))) == is_wrong, line


def _misplaced(path: Path) -> Iterator[str]:
    tree = tree_of(path)
    helpers = _helpers(path) | _imported(tree)
    constants = _assigned(tree.body)
    for function in _functions(tree):
        names = constants | _assigned([function]) | _parametrized(function)
        for line, word in _asked_of_pages(function, names, helpers):
            yield f"{path.name}:{line}: {word!r}"


def _asked_of_pages(function: ast.FunctionDef, names: Names, helpers: frozenset[str]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
            asked, page, is_in = node.left, node.comparators[0], isinstance(node.ops[0], ast.In)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "count":
            asked, page, is_in = (*node.args, node.func)[0], node.func.value, True
        else:
            continue
        if _is_whole(page, names, helpers):
            short = [word for word in _words(asked, names) if len(word) <= SHORT]
            yield from ((node.lineno, word) for word in short if is_in or word.isascii())


def _is_whole(node: ast.expr, names: Names, helpers: frozenset[str], depth: int = 0) -> bool:
    """Whether this is all that a page says, or all of its middle."""
    if depth > 5:
        return False
    if isinstance(node, ast.Name):
        return any(_is_whole(expression, names, helpers, depth + 1) for expression in names.get(node.id, ()))
    if ast.unparse(node).endswith((".content.decode()", ".content")):
        return True
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
    if name in {"inside", "words"}:
        return len(node.args) == 1 or ast.unparse(node.args[1]) in {"MAIN", "'//main'", "'//body'"}
    if name in SAME_WORDS:
        parts = [*node.args, *([node.func.value] if isinstance(node.func, ast.Attribute) else [])]
        return any(_is_whole(part, names, helpers, depth + 1) for part in parts)
    return name in helpers


def _functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


@cache
def _helpers(path: Path) -> frozenset[str]:
    """Functions and fixtures of this file that give a whole page."""
    helpers: frozenset[str] = frozenset()
    for function in _functions(tree_of(path)):
        last = function.body[-1]
        if (
            isinstance(last, ast.Return)
            and last.value is not None
            and _is_whole(last.value, _assigned([function]), helpers)
        ):
            helpers |= {function.name}
    return helpers


def _imported(tree: ast.Module) -> frozenset[str]:
    """Of the helpers of other files of tests/, those that this one asks for."""
    helpers: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests."):
            file = settings.BASE_DIR / f"{(node.module or '').replace('.', '/')}.py"
            helpers |= {
                alias.asname or alias.name for alias in node.names if file.exists() and alias.name in _helpers(file)
            }
    return frozenset(helpers)


def _assigned(body: list[ast.stmt]) -> Names:
    """Name -> what it is given here, or goes through."""
    names: Names = {}
    for node in (inner for statement in body for inner in ast.walk(statement)):
        if isinstance(node, ast.Assign):
            names.setdefault(ast.unparse(node.targets[0]), []).append(node.value)
        elif isinstance(node, ast.NamedExpr):
            names.setdefault(node.target.id, []).append(node.value)
        elif isinstance(node, ast.For | ast.comprehension):
            for target, values in _gone_through(node.target, node.iter):
                names.setdefault(target, []).extend(values)
    return names


def _gone_through(target: ast.expr, through: ast.expr) -> Iterator[tuple[str, list[ast.expr]]]:
    rows = through.elts if isinstance(through, ast.Tuple | ast.List | ast.Set) else [through]
    if not isinstance(target, ast.Tuple):
        yield ast.unparse(target), rows
        return
    for place, name in enumerate(target.elts):
        yield (
            ast.unparse(name),
            [row.elts[place] for row in rows if isinstance(row, ast.Tuple) and len(row.elts) > place],
        )


def _parametrized(function: ast.FunctionDef) -> Names:
    parameters: Names = {}
    for call in function.decorator_list:
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.parametrize":
            declared = ast.literal_eval(call.args[0])
            names = declared if isinstance(declared, tuple | list) else [name.strip() for name in declared.split(",")]
            target: ast.expr = ast.Tuple([ast.Name(name) for name in names]) if len(names) > 1 else ast.Name(names[0])
            for name, values in _gone_through(target, call.args[1]):
                parameters.setdefault(name, []).extend(values)
    return parameters


def _words(node: ast.expr, names: Names, depth: int = 0) -> list[str]:
    """What a word may be, where the code says it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        return [node.value if isinstance(node.value, str) else node.value.decode(errors="replace")]
    if isinstance(node, ast.Name) and depth < 3:
        return [word for expression in names.get(node.id, ()) for word in _words(expression, names, depth + 1)]
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return [word for element in node.elts for word in _words(element, names, depth + 1)]
    return []
