"""All that is measured, and how long things take. The words of each stand in its room and in docs/rooms/figures.md. Pure.

A measure is counted of things (dashboards/figures/sources/); figures (dashboards/figures/sums.py) show measures and divide
them."""

from cases.reading.measures import MEASURES as OF_CASES
from disputes.measures import MEASURES as OF_MEDIATION
from grids.tree.measures import MEASURES as ON_THE_GRID
from meetings.centres.measures import MEASURES as OF_CENTRES
from volunteers.measures import MEASURES as OF_VOLUNTEERING
from web.measures import joined
from web.params import whole_number

MEASURES = joined((ON_THE_GRID, OF_CASES, OF_MEDIATION, OF_VOLUNTEERING, OF_CENTRES))

CATEGORY = "category:"
"""Measures of one category's cases, by the day they were opened: "category:17"."""

EDGES = (0.5, 1, 2, 3, 4, 6, 8, 12, 16, 24, 36, 48, 72, 96, 120, 168, 240, 360, 720, 1440)
"""Hours at which one class of how long it took ends and the next begins; the last class has no end."""
LENGTHS = {
    "answer": "响应用时",
    "answer_work": "响应用时（工作时间）",
    "finish": "办结用时",
    "finish_work": "办结用时（工作时间）",
}
"""From being filed to being signed for first, and to being finished; by the clock, and while offices are open."""
LENGTH_BASE = {"answer": "签收", "answer_work": "签收", "finish": "办结", "finish_work": "办结"}


def length_class(hours: float) -> int:
    return next((number for number, edge in enumerate(EDGES) if hours < edge), len(EDGES))


def length_measure(length: str, number: int) -> str:
    """ "answer:3": how many were signed for within the fourth class."""
    return f"{length}:{number}"


def length_measures(length: str) -> list[str]:
    return [length_measure(length, number) for number in range(len(EDGES) + 1)]


def class_bounds(number: int) -> tuple[float, float | None]:
    """From and to, in hours."""
    return (0, *EDGES)[number], (*EDGES, None)[number]


def class_words(number: int) -> str:
    """ "2–3 小时", "1–2 天", "60 天以上"."""
    low, high = class_bounds(number)
    if high is None:
        return f"{low / 24:g} 天以上"
    return f"{low:g}–{high:g} 小时" if high <= 24 else f"{low / 24:g}–{high / 24:g} 天"


def label_of(measure: str) -> str:
    """What a list of this measure is headed with. Of a category: its own name is said by who knows it."""
    if measure in MEASURES:
        return MEASURES[measure].label
    length, _, number = measure.partition(":")
    return f"{LENGTHS[length]} {class_words(int(number))}" if length in LENGTHS else "这一类"


def is_known(measure: str) -> bool:
    head, _, number = measure.partition(":")
    if head in LENGTHS:
        step = whole_number(number)
        return step is not None and step <= len(EDGES)
    return measure in MEASURES or (measure.startswith(CATEGORY) and whole_number(number) is not None)


def percentile(classes: list[int], share: float) -> float | None:
    """Hours within which this share of the counted ended, from how many fall in each class: read off between the bounds
    of its class as if they were spread evenly. The last class has no end, so of it only its beginning is said. None for
    none."""
    total = sum(classes)
    if not total:
        return None
    wanted, before = share * total, 0
    for number, count in enumerate(classes):
        if count and before + count >= wanted:
            low, high = class_bounds(number)
            return low if high is None else low + (high - low) * (wanted - before) / count
        before += count
    raise AssertionError("a share is at most one")


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Where the true share lies with 95 % confidence (Wilson 1927). So small numbers are seen as such: 1 of 1 is 21 % to
    100 %. Raises ZeroDivisionError for nothing."""
    z = 1.96
    share = part / whole
    centre = share + z * z / (2 * whole)
    spread = z * ((share * (1 - share) + z * z / (4 * whole)) / whole) ** 0.5
    scale = 1 + z * z / whole
    return (centre - spread) / scale, (centre + spread) / scale
