"""Which faults are planted: those of cosmic-ray that are no nonsense here, and ours for what this code is made of: sets of
standings, conditions of a query, guards of an arrow, statements that only do something."""

from collections.abc import Iterator, Sequence
from typing import Any

from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names

Node = Any
Span = tuple[tuple[int, int], tuple[int, int]]
"""(line, column) where it begins, and where it ends."""

COMPARED = ("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Lt_GtE", "GtE_Lt", "Is_IsNot", "IsNot_Is")
RECKONED = (
    "Add_Sub",
    "Sub_Add",
    "Mul_Div",
    "Div_Mul",
    "FloorDiv_Mul",
    "Mod_Mul",
    "BitOr_BitAnd",
    "BitAnd_BitOr",
    "BitOr_Sub",
)
TAKEN = (
    *(f"core/ReplaceComparisonOperator_{name}" for name in COMPARED),
    *(f"core/ReplaceBinaryOperator_{name}" for name in RECKONED),
    "core/ReplaceUnaryOperator_Delete_Not", "core/AddNot", "core/ReplaceTrueWithFalse", "core/ReplaceFalseWithTrue",
    "core/ReplaceAndWithOr", "core/ReplaceOrWithAnd", "core/ReplaceBreakWithContinue", "core/ReplaceContinueWithBreak",
    "core/NumberReplacer", "core/RemoveDecorator", "core/ZeroIterationForLoop",
)  # fmt: skip
QUERIES = {"filter", "exclude", "get"}
REFUSING = {"guard", "own_guard", "needs", "barred"}
"""Arguments that refuse something where they stand."""
STANDING = ("DISPATCHER", "SUPERVISOR", "ASKER", "HOLDER")


class _Own(Operator):  # type: ignore[misc]  # the library has no types
    @classmethod
    def examples(cls) -> Sequence[Any]:
        return ()

    def parts(self, node: Node) -> Iterator[Node]:
        """What may be changed in this node."""
        raise NotImplementedError

    def mutation_positions(self, node: Node) -> Iterator[Span]:
        for part in self.parts(node):
            yield part.start_pos, part.end_pos


class _Dropping(_Own):
    """One of several, with the comma behind or before it."""

    def mutate(self, node: Node, index: int) -> Node:
        place = node.children.index(list(self.parts(node))[index])
        commas = [near for near in (place + 1, place - 1) if _is_comma(node.children[near : near + 1])]
        gone = {place, *commas[:1]}
        node.children = [child for number, child in enumerate(node.children) if number not in gone]
        return node


class DropCondition(_Dropping):
    """`filter(case=case, until_at=None)` without one of them."""

    def parts(self, node: Node) -> Iterator[Node]:
        if node.type == "arglist" and _called(node) in QUERIES:
            yield from (child for child in node.children if child.type == "argument")


class DropGuard(_Dropping):
    def parts(self, node: Node) -> Iterator[Node]:
        if node.type == "arglist":
            for child in node.children:
                if child.type == "argument" and child.children[0].value in REFUSING:
                    yield child


class DropName(_Dropping):
    """One of the names in a set, or of the words in a tuple."""

    def parts(self, node: Node) -> Iterator[Node]:
        if _is_set(node) or node.type == "testlist_comp":
            names = [child for child in node.children if not _is_comma([child])]
            if len(names) > 1 and all(child.type in {"name", "string"} for child in names):
                yield from names


class AddStanding(_Own):
    """One more to whom something is allowed."""

    def parts(self, node: Node) -> Iterator[Node]:
        last = _names_of_set(node)[-1:]
        if last and last[0].value.isupper() and self._other(node):
            yield last[0]

    def mutate(self, node: Node, index: int) -> Node:
        last = _names_of_set(node)[-1]
        last.value = f"{last.value}, {self._other(node)}"
        return node

    def _other(self, node: Node) -> str:
        there = {name.value for name in _names_of_set(node)}
        known = node.get_root_node().get_used_names()
        return next((name for name in STANDING if name in known and name not in there), "")


class NegateFound(_Own):
    """`if refusal := …:` the other way round; AddNot cannot."""

    def parts(self, node: Node) -> Iterator[Node]:
        if node.type in {"if_stmt", "ternary"}:
            yield from (child for child in node.children if child.type == "namedexpr_test")

    def mutate(self, node: Node, index: int) -> Node:
        part = list(self.parts(node))[index]
        part.get_first_leaf().value = f"not ({part.get_first_leaf().value}"
        part.get_last_leaf().value += ")"
        return node


class DropStatement(_Own):
    """A call that stands for itself: what it does is not done."""

    def parts(self, node: Node) -> Iterator[Node]:
        if node.type == "simple_stmt" and node.children[0].type in {"atom_expr", "power"}:
            yield node.children[0]

    def mutate(self, node: Node, index: int) -> Node:
        (statement,) = self.parts(node)
        prefix = statement.get_first_leaf().prefix
        leaf = statement.get_first_leaf()
        leaf.prefix, leaf.value = prefix, "pass"
        node.children[0] = leaf
        return node


def _is_comma(nodes: Sequence[Node]) -> bool:
    return any(node.type == "operator" and node.value == "," for node in nodes)


def _called(arguments: Node) -> str:
    """Name of the function that these arguments are given to."""
    before = arguments.parent.get_previous_sibling()
    leaf = before.get_last_leaf() if before is not None else None
    return leaf.value if leaf is not None else ""


def _is_set(node: Node) -> bool:
    inner = getattr(node, "children", ())
    return node.type == "dictorsetmaker" and not any(
        child.type == "operator" and child.value in {":", "**"} for child in inner
    )


def _names_of_set(node: Node) -> list[Node]:
    """The names in `{…}`; none where something else stands there too."""
    if node.type != "atom" or node.children[0].value != "{" or len(node.children) != 3:
        return []
    inner = node.children[1]
    children = inner.children if _is_set(inner) else [inner]
    names = [child for child in children if not _is_comma([child])]
    return names if all(child.type == "name" for child in names) else []


OPERATORS: dict[str, Operator] = {
    **{name.partition("/")[2]: get_operator(name)() for name in TAKEN if name in set(operator_names())},
    **{kind.__name__: kind() for kind in (DropCondition, DropGuard, DropName, AddStanding, NegateFound, DropStatement)},
}
