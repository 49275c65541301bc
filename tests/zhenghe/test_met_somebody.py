"""Two at the same rows at the same moment: who had to give way is told, and the words are not lost."""

import pytest
from django.db import OperationalError

from locks.deadlocks import MET_SOMEBODY
from tests.support.cast import signed_in
from tests.support.pages import inside

HERE = {"HTTP_ORIGIN": "http://testserver", "HTTP_REFERER": "http://testserver/cases/"}


class Crossed(Exception):
    """What the driver raises, whose code cannot be set."""

    pgcode = "40P01"


@pytest.fixture
def crossed(monkeypatch):
    def give_way(*_, **__):
        raise OperationalError("deadlock detected") from Crossed()

    monkeypatch.setattr("cases.services.act", give_way)


def test_a_page_says_so_and_keeps_the_words(request_case, grid_leader, crossed):
    client = signed_in(grid_leader)
    path = f"/cases/{request_case.number}/finish/"
    answer = client.post(path, {"words": "已修好", "version": request_case.version}, **HERE)
    assert answer.status_code == 409
    assert answer["Retry-After"] == "1"
    assert MET_SOMEBODY in inside(answer)
    assert answer.context["kept"].values["words"] == ["已修好"]


def test_the_api_says_so(request_case, grid_leader, crossed):
    path = f"/api/v1/cases/{request_case.number}/acts/note/"
    answer = signed_in(grid_leader).post(path, {"words": "看过了", "version": request_case.version})
    assert answer.status_code == 409
    assert answer.json()["detail"] == MET_SOMEBODY


def test_other_faults_of_the_database_are_faults(request_case, grid_leader, monkeypatch):
    def gone(*_, **__):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("cases.services.act", gone)
    client = signed_in(grid_leader)
    client.raise_request_exception = False
    answer = client.post(f"/cases/{request_case.number}/finish/", {"words": "已修好", "version": request_case.version})
    assert answer.status_code == 500
