"""What is said of an event to systems of others: what everybody may know. No name, no phone, no word that anybody wrote, no
door; of private and anonymous cases, and of what is between offices, nothing."""

import json
from collections.abc import Mapping
from datetime import datetime

from django.utils.timezone import localtime

from cases.engine.opening import OPENED
from cases.models import Case, CaseEvent
from cases.workflow import WORKFLOWS
from grids.models import Grid, Level


def types() -> dict[str, str]:
    """Every event that may be sent: "request.finish" -> "诉求：办结"."""
    known: dict[str, str] = {}
    for kind, workflow in WORKFLOWS.items():
        known[f"{kind}.{OPENED}"] = f"{workflow.label}：提交"
        for arrow in workflow.all_arrows:
            if arrow.is_shown_to_asker:
                known[f"{kind}.{arrow.verb}"] = f"{workflow.label}：{arrow.label}"
    return known


def type_of(event: CaseEvent) -> str:
    return f"{event.case.kind}.{event.verb}"


def is_public(case: Case) -> bool:
    """Whether anything of it may leave the house."""
    return not (case.is_private or case.hides_asker)


def body_of(event: CaseEvent, places: Mapping[int, str]) -> str:
    """JSON. `places` has the words of the case's node, by its id. State and stage limit are those of the event, the rest is as
    of now. Loads the case and its category."""
    case = event.case
    content = {
        "id": f"event-{event.pk}",
        "type": type_of(event),
        "at": _iso(event.at),
        "sequence": event.number,
        "case": {
            "number": case.number,
            "kind": case.kind,
            "kind_label": case.kind_label,
            "state": event.to_state,
            "state_label": case.workflow.states[event.to_state].label,
            "category": case.category.name if case.category else "",
            "place": places[case.grid_id],
            "due_at": _iso(event.due_at),
            "finish_by_at": _iso(case.finish_by_at),
        },
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _iso(moment: datetime | None) -> str | None:
    return localtime(moment).isoformat(timespec="seconds") if moment else None


def places_of(nodes: list[Grid]) -> dict[int, str]:
    """Node id -> "熊山街道 宜和社区 宜和佳苑": down to the 小区, for below it only a few live. One query."""
    streets = Grid.objects.filter(tree_id__in={node.tree_id for node in nodes}, level__lte=Level.ESTATE)
    above = list(streets.order_by("tree_id", "lft"))
    return {node.pk: " ".join(upper.name for upper in above if upper.covers(node)) for node in nodes}
