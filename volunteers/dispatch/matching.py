"""Who or what fits a need, and why in words. Proposes; people decide. Pure: knows no model."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

COMING = ((), ("答复能到",), ("已到场",))
DISTANCES = ("同一网格", "同一党小组", "同一小区", "同一社区", "同一街道")


@dataclass(frozen=True)
class Node:
    """A place in the tree, as far as nearness is concerned."""

    tree_id: int
    lft: int
    rght: int

    def covers(self, other: "Node") -> bool:
        return self.tree_id == other.tree_id and self.lft <= other.lft <= self.rght


@dataclass(frozen=True)
class Wish:
    """What is needed: which kind of service, where (the node and those above it, nearest first), when."""

    category: str
    upward: tuple[Node, ...]
    labels: tuple[str, ...]
    """How near each of `upward` is, in words."""
    free_time: str = ""
    is_guarded: bool = False


@dataclass(frozen=True)
class Candidate:
    """A volunteer or a resource."""

    key: Any
    label: str
    skills: tuple[str, ...]
    home: Node | None = None
    free_times: tuple[str, ...] = ()
    load: int = 0
    """What they have in hand already."""
    is_checked: bool = False
    is_in_team: bool = False
    is_elsewhere: bool = False
    """Has accepted something else for that very time."""
    coming: int = 0
    """To a call-out: 2 on site, 1 said that they come, 0 neither or no call-out."""


@dataclass(frozen=True)
class Proposal:
    candidate: Candidate
    why: str


def propose(wish: Wish, candidates: Iterable[Candidate]) -> list[Proposal]:
    """Best first: those who are not promised elsewhere then, can do it, of the team asked for, nearest first up the tree, free then, with little in hand.

    For guarded services (志愿服务条例 15, 16) only checked ones appear at all; whoever has no such skill or is busy
    then appears further down, since people know more than a list does."""
    fitting = [candidate for candidate in candidates if candidate.is_checked or not wish.is_guarded]
    ranked = sorted(fitting, key=lambda candidate: (_order(wish, candidate), str(candidate.key)))
    return [Proposal(candidate, _why(wish, candidate)) for candidate in ranked]


def _order(wish: Wish, candidate: Candidate) -> tuple[Any, ...]:
    return (
        candidate.is_elsewhere,
        -candidate.coming,
        -_skill(wish, candidate),
        not candidate.is_in_team,
        _steps(wish, candidate),
        not _is_free(wish, candidate),
        candidate.load,
    )


def _skill(wish: Wish, candidate: Candidate) -> int:
    """2: this very kind of service; 1: another of the same group; 0: none."""
    if any(wish.category == skill or wish.category.startswith(f"{skill}/") for skill in candidate.skills):
        return 2
    group = wish.category.partition("/")[0]
    return int(any(skill.partition("/")[0] == group for skill in candidate.skills))


def _steps(wish: Wish, candidate: Candidate) -> int:
    """How far up one must go from the place to a node that holds the candidate's home too."""
    if candidate.home is None:
        return len(wish.upward)
    return next((steps for steps, node in enumerate(wish.upward) if node.covers(candidate.home)), len(wish.upward))


def _is_free(wish: Wish, candidate: Candidate) -> bool:
    return not wish.free_time or wish.free_time in candidate.free_times


def _why(wish: Wish, candidate: Candidate) -> str:
    skill = ("没写这类特长", "会相近的服务", f"会{wish.category.rpartition('/')[2]}")[_skill(wish, candidate)]
    steps = _steps(wish, candidate)
    near = wish.labels[steps] if steps < len(wish.labels) else ("没写常在哪里" if candidate.home is None else "较远")
    words = [*COMING[candidate.coming], skill, near]
    if wish.free_time:
        words.append(
            "那时有空"
            if _is_free(wish, candidate)
            else ("没写何时有空" if not candidate.free_times else "那时不一定有空")
        )
    words.append(f"手上 {candidate.load} 件" if candidate.load else "手上没有别的")
    if wish.is_guarded:
        words.append("已核查")
    if candidate.is_elsewhere:
        words.append("那时已有别的服务")
    return " · ".join(words)


def nearest_labels(levels: Sequence[int]) -> tuple[str, ...]:
    """In words, for nodes of these depths (grid 4 … street 0)."""
    return tuple(DISTANCES[4 - level] for level in levels)
