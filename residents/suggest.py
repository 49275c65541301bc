"""From a resident's words: which category it may be, and whether it belongs to another channel."""

from collections.abc import Iterable

from cases.models import Category
from residents.models import Channel

SHOWN = 3


def suggest_categories(words: str, *, kind: str = "request") -> list[Category]:
    """Up to three categories whose keywords or names occur in the words, the best first. Nothing is decided by it."""
    return best_of(words, Category.objects.filter(kind=kind, retired_at=None))


def best_of(words: str, categories: Iterable[Category]) -> list[Category]:
    """`suggest_categories` out of those that were read before, for who asks for many."""
    scored = []
    for category in categories:
        if score := _score(words, category):
            scored.append((score, len(category.path), category))
    scored.sort(key=lambda entry: (-entry[0], entry[1], entry[2].pk))
    return [category for _, _, category in scored[:SHOWN]]


def _score(words: str, category: Category) -> int:
    """Keywords staff chose count most, then the whole name, then pairs of signs of it."""
    score = sum(6 * min(words.count(term), 3) for term in category.keywords.split())
    if category.name in words:
        score += 4 * len(category.name)
    return score + sum(1 for pair in _pairs(category.name) if pair in words)


def _pairs(name: str) -> Iterable[str]:
    return {name[i : i + 2] for i in range(len(name) - 1)}


def other_channels(words: str) -> list[Channel]:
    """Matters that are not dispatched (110, lawsuits, …) whose keywords occur; danger to people first."""
    return channels_for(words, active_channels())


def active_channels() -> list[Channel]:
    return list(Channel.objects.filter(is_active=True).exclude(keywords=""))


def channels_for(words: str, channels: Iterable[Channel]) -> list[Channel]:
    """`other_channels` out of those that were read before."""
    matching = [channel for channel in channels if any(term in words for term in channel.keywords.split())]
    return sorted(matching, key=lambda channel: (not channel.is_emergency, channel.order, channel.pk))
