"""Topics and votes by the API: the same to the same people, and a ballot known to nobody."""

import uuid

import pytest
import time_machine
from django.test import Client

from accounts.models import KeptAnswer
from cases.engine.turns import Given
from meetings.models import Ballot, Comment, SealedBallot, Topic
from meetings.votes import counts
from moderation.models import Clearance
from tests.meetings.neighbours import CLOSES, DURING, URN, a_topic, adopted, announced, opened, settle
from tests.support.calls import API, App, refused
from tests.support.cast import MONDAY, whole_database


@pytest.fixture(autouse=True)
def while_it_runs():
    with time_machine.travel(DURING, tick=True):
        yield


def option(vote, words="同意"):
    return vote.options.get(words=words).pk


def test_proposed_supported_and_talked_about(defaults, town, staff, resident, neighbour, people):
    settle(town, people)
    app = App(resident)
    body = {"place": town.estate.pk, "title": "加装扶手", "words": "楼梯陡。", "key": str(uuid.uuid4())}
    assert refused(app.post("topics/", {**body, "title": ""})) == ["title"]
    assert refused(app.post("topics/", {**body, "place": town.street.pk})) == ["place"]
    made = app.twice("topics/", body)
    assert (made.status_code, Topic.objects.count(), made.json()["is_own"]) == (201, 1, True)
    path = f"topics/{made.json()['number']}/"
    told = App(people[0]).twice(f"{path}cosign/").json()
    assert (told["cosigned"], told["own_cosign"]) == (1, "counted")
    assert App(neighbour).post(f"{path}cosign/").json()["own_cosign"] == "supports"
    assert refused(app.post(f"{path}cosign/")) == []
    assert Client().get(f"{API}/{path}").json()["own_cosign"] == ""
    for person in people[1:5]:
        App(person).post(f"{path}cosign/")
    assert app.get(path).json()["state"] == "screening"
    assert Client().post(f"{API}/topics/", body).status_code == 403


def test_words_that_wait_for_a_yes_are_read_by_their_writer_and_the_desk(
    settings, defaults, town, desk, resident, neighbour
):
    settings.PUBLIC_BY_PERSON = True
    body = {"place": town.estate.pk, "title": "加装扶手", "words": "楼梯陡。", "key": str(uuid.uuid4())}
    made = App(resident).post("topics/", body).json()
    assert (made["title"], made["words"]) == ("加装扶手", "楼梯陡。")
    path = f"topics/{made['number']}/"
    for reader in (Client(), neighbour):
        told = (reader.get(f"{API}/{path}") if isinstance(reader, Client) else App(reader).get(path)).json()
        assert (told["title"], told["words"]) == (f"{told['place']}的议题", "")
        assert "核对" in told["words_instead"]
    [line] = Client().get(f"{API}/topics/").json()["results"]
    assert line["title"] == f"{line['place']}的议题"
    assert App(desk).get(path).json()["words"] == "楼梯陡。"
    Clearance.objects.update(state="public", decided_at=MONDAY)
    assert Client().get(f"{API}/{path}").json()["words"] == "楼梯陡。"


def test_a_word_on_a_topic(defaults, town, desk, resident):
    topic, app = adopted(town, desk), App(resident)
    path = f"topics/{topic.case.number}/"
    assert refused(app.post(f"{path}comment/", {"words": " "})) == ["words"]
    [spoken] = app.twice(f"{path}comment/", {"words": "早就该装了"}).json()["comments"]
    assert (spoken["words"], spoken["words_instead"], Comment.objects.count()) == ("早就该装了", "", 1)
    assert resident.name not in spoken["by"]
    Clearance.objects.filter(comment__isnull=False).update(state="withheld", reason="有电话")
    [hidden] = Client().get(f"{API}/{path}").json()["comments"]
    assert (hidden["words"], hidden["words_instead"]) == ("", "内容没有公开：有电话")
    assert Client().post(f"{API}/{path}comment/", {"words": "我也说"}).status_code == 403
    assert app.get("topics/ZH-2222-2222/").status_code == 404


def test_topics_of_a_tab_and_a_community(defaults, town, desk, resident, client, django_assert_max_num_queries):
    talked, sought = adopted(town, desk), a_topic(town, resident, title="关灯时间")

    def listed(**asked):
        return [row["number"] for row in client.get(f"{API}/topics/", asked).json()["results"]]

    assert set(listed()) == {talked.case.number, sought.case.number}
    assert listed(tab="open", community=town.community.pk) == [talked.case.number]
    assert listed(tab="seconding") == [sought.case.number]
    assert listed(community=town.other_community.pk) == []
    assert refused(client.get(f"{API}/topics/", {"tab": "x", "community": "y"})) == ["tab", "community"]
    with django_assert_max_num_queries(10) as few:
        listed()
    a_topic(town, resident, title="种树")
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert len(listed()) == 3


def test_a_vote_by_name(owners_vote, people, resident):
    app, path = App(people[0]), f"votes/{owners_vote.key}/"
    [row] = app.get("votes/", running="true").json()["results"]
    assert row["key"] == str(owners_vote.key)
    assert app.get("votes/", running="false").json()["results"] == []
    told = app.get(path).json()
    [mine] = told["voices"]
    assert (told["is_open"], told["outcome"], mine["receipt"], mine["slip"]) == (True, None, "", "")
    cast = f"{path}cast/{mine['voter']}/"
    assert refused(app.post(cast, {"option": 0})) == ["option"]
    assert App(resident).post(cast, {"option": option(owners_vote)}).status_code == 404
    assert App(people[1]).post(cast, {"option": option(owners_vote)}).status_code == 404
    assert app.post(cast, {"option": option(owners_vote)}, key="k").json()["voices"][0]["is_cast"]
    again = app.post(cast, {"option": option(owners_vote, "不同意")}, key="k")
    assert (again.status_code, Ballot.objects.count()) == (400, 1)
    assert not KeptAnswer.objects.exists()
    assert App(resident).get("votes/").json()["results"] == []


def test_a_proxy_and_taking_it_back(owners_vote, people, neighbour):
    app, path = App(people[0]), f"votes/{owners_vote.key}/"
    mine = app.get(path).json()["voices"][0]["voter"]
    assert refused(app.post(f"{path}authorise/{mine}/", {"to": "13900009999"})) == ["to"]
    told = app.twice(f"{path}authorise/{mine}/", {"to": neighbour.phone}).json()
    assert told["voices"][0]["is_authorised"]
    asked = App(neighbour).get(path).json()["voices"][0]
    assert asked["given_by"]
    assert App(neighbour).post(f"{path}take-back/{asked['voter']}/").status_code == 404
    assert not app.twice(f"{path}take-back/{mine}/").json()["voices"][0]["is_authorised"]


def test_results_are_told_once_they_are_counted(owners_vote, people):
    path = f"votes/{owners_vote.key}/"
    for person in people:
        app = App(person)
        voter = app.get(path).json()["voices"][0]["voter"]
        app.post(f"{path}cast/{voter}/", {"option": option(owners_vote)})
    assert Client().get(f"{API}/{path}").json()["outcome"] is None
    counts.count(case=owners_vote.topic.case, by=None, at=CLOSES, version=None, given=Given())
    told = Client().get(f"{API}/{path}").json()
    assert (told["outcome"]["passed"], told["outcome"]["is_quorate"], told["turnout"]) == ("同意", True, 6)
    assert [(row["words"], row["people"]) for row in told["outcome"]["options"]] == [
        ("同意", 6),
        ("不同意", 0),
        ("弃权", 0),
    ]


@pytest.fixture
def secret_of_four(defaults, town, desk, people):
    settle(town, people[:4])
    topic = adopted(town, desk, "涉及全体居民利益的重要问题", grid=town.community)
    return announced(topic, desk, basis="adults", **URN)


def test_a_secret_ballot_is_kept_with_no_name(secret_of_four, people, desk):
    vote, receipts = secret_of_four, []
    path = f"votes/{vote.key}/"
    for person in people[:4]:
        app = App(person)
        [mine] = app.get(path).json()["voices"]
        cast = f"{path}cast/{mine['voter']}/"
        assert refused(app.post(cast, {"option": option(vote)})) == ["slip"]
        assert refused(app.post(cast, {"option": option(vote), "slip": mine["receipt"]})) == ["slip"]
        [told] = app.post(cast, {"option": option(vote), "slip": mine["slip"]}, key="k").json()["voices"]
        assert (told["is_cast"], told["slip"]) == (True, "")
        receipts.append(mine["receipt"])
    assert (SealedBallot.objects.count(), Ballot.objects.count(), KeptAnswer.objects.count()) == (4, 0, 0)
    assert not any(receipt in whole_database() for receipt in receipts)
    counts.count(case=vote.topic.case, by=None, at=CLOSES, version=None, given=Given())
    opened(vote, desk)
    check = f"{API}/{path}check/"
    assert [Client().post(check, {"receipt": kept}).json()["is_counted"] for kept in receipts] == [True] * 4
    assert not Client().post(check, {"receipt": "2222-2222-2222"}).json()["is_counted"]
    assert refused(Client().post(check, {"receipt": "x"})) == ["receipt"]


def test_a_slip_is_good_for_one_voice(secret_of_four, people):
    """Two papers with one receipt would spoil the urn."""
    path = f"votes/{secret_of_four.key}/"
    [mine], [others] = (App(person).get(path).json()["voices"] for person in people[:2])
    sent = App(people[0]).post(
        f"{path}cast/{mine['voter']}/", {"option": option(secret_of_four), "slip": others["slip"]}
    )
    assert refused(sent) == ["slip"]
    assert not SealedBallot.objects.exists()
