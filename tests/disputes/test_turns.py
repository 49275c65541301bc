"""What an act and a page of a dispute cost: each thing is locked, read and written once."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.engine.turns import Given
from cases.services import act
from tests.disputes.conftest import draft, meet, take_on
from tests.support.cast import MONDAY, draw, signed_in

OF_A_TRANSACTION = ("SAVEPOINT", "RELEASE", "BEGIN")


def statements(what: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        what()
    return [query["sql"] for query in queries if not query["sql"].startswith(OF_A_TRANSACTION)]


def test_the_last_yes(dispute, group_leader, resident, neighbour):
    """It brings the agreement into force: two arrows, three messages, and every row is written once."""
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader)
    draft(dispute, group_leader)
    draw(dispute, "assent", resident)
    yes = {"verb": "assent", "by": neighbour, "at": MONDAY, "version": dispute.version, "given": Given()}
    asked = statements(lambda: act(case=dispute, **yes))
    assert dispute.state == "performing"
    assert len(asked) <= 14
    written = [sql.split('"')[1] for sql in asked if sql.startswith("UPDATE")]
    assert sorted(written) == ["cases_case", "disputes_agreement", "disputes_dispute"]


def test_the_page_of_a_mediation_asks_each_thing_of_this_room_once(dispute, group_leader, neighbour):
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader)
    client = signed_in(group_leader)
    client.get(dispute.get_absolute_url())
    asked = statements(lambda: client.get(dispute.get_absolute_url()))
    of_this_room = [sql for sql in asked if sql.startswith('SELECT "disputes_')]
    assert len(of_this_room) == 4, "parties, sessions, the dispute, who asked for another mediator"
