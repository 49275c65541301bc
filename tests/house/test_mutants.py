"""What script/mutants goes by (tests/house/mutants): its tables name what is there, and its own faults are what they say. That faults
are seen is proved by running it."""

import ast

import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from django.conf import settings

from tests.house.mutants.operators import OPERATORS, TAKEN
from tests.house.mutants.targets import TARGETS
from tests.support.source import tree_of

ROOT = settings.BASE_DIR


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.files[0])
def test_targets_and_their_tests_are_there(target):
    for pattern in target.files:
        assert list(ROOT.glob(pattern)), pattern
    for path in target.paths(ROOT):
        for test in target.tests_of(path.relative_to(ROOT)):
            file, _, name = test.removeprefix("--ignore-glob=").partition("::")
            assert (ROOT / file).exists() or list((ROOT / "tests").rglob(file)), test
            if name:
                body = tree_of(ROOT / file).body
                assert name.partition("[")[0] in {node.name for node in body if isinstance(node, ast.FunctionDef)}, test


def test_the_library_has_all_that_is_taken_from_it():
    assert {name.partition("/")[2] for name in TAKEN} <= OPERATORS.keys()


IMPORTS = "from cases.workflow import DISPATCHER, HOLDER\n"


@pytest.mark.parametrize(
    ("operator", "before", "after"),
    [
        ("DropCondition", "x.filter(a=1, b=None)", ["x.filter( b=None)", "x.filter(a=1)"]),
        ("DropGuard", "Arrow('x', who, guard=g, is_main=True)", ["Arrow('x', who, is_main=True)"]),
        ("DropGuard", "Arrow('x', is_main=True)", []),
        ("DropName", "{A, B}", ["{ B}", "{A}"]),
        ("DropName", "('a', 'b')", ["( 'b')", "('a')"]),
        ("DropName", "{'a': 1, 'b': 2}", []),
        ("AddStanding", "who = frozenset({HOLDER})", ["who = frozenset({HOLDER, DISPATCHER})"]),
        ("AddStanding", "who = frozenset({HOLDER, DISPATCHER})", []),
        ("NegateFound", "if reason := why(case):\n    pass", ["if not (reason := why(case)):\n    pass"]),
        ("DropStatement", "def f():\n    check(a)\n    return b\n", ["def f():\n    pass\n    return b\n"]),
    ],
)
def test_faults_of_our_own(operator, before, after):
    source, kind = IMPORTS + before, OPERATORS[operator]
    places = sum(1 for node in ast_nodes(get_ast(source)) for _ in kind.mutation_positions(node))
    assert [mutate_code(source, kind, place) for place in range(places)] == [IMPORTS + mutant for mutant in after]
