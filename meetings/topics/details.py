"""What the case page of a topic says beyond a case: what it is about, its votes, what follows from it."""

from datetime import datetime
from typing import Any

from cases.engine.facts import facts_of
from cases.models import Case
from cases.reading.story import cards
from grids.rights.jurisdiction import Visitor
from meetings.facts import topic_facts


def details(*, case: Case, reader: Visitor, at: datetime) -> dict[str, Any]:
    facts = topic_facts(facts_of(case))
    return {"topic": facts.topic, "votes": facts.votes, "tasks": cards(facts.tasks, at=at) if facts.tasks else []}
