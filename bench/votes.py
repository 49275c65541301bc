"""2,000 residents give a secret ballot within a minute, each form sent twice; none may be lost, none counted twice.

    script/bench votes [--processes 4]

Works in a database of its own, which it drops again. The ballots go through the whole web application (routing, cookies,
session, transaction), not through the network."""

import argparse
import multiprocessing
import os
import sys
import time
from datetime import timedelta

import _database
import django
from django.conf import settings

from meetings.votes import urn

DATABASE = "bench_votes"
VOTERS = 2000


def main() -> int:
    options = _options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenghe.settings")
    django.setup()
    _database.own(DATABASE, "load_defaults", "load_meeting_defaults", "seed_zhenghe")
    key, slips = urn.cut_keys()
    vote, forms = _announce(key)
    began = time.monotonic()
    with multiprocessing.get_context("fork").Pool(options.processes) as pool:
        sent = sum(pool.map(_send, [forms[n :: options.processes] for n in range(options.processes)]))
    took = time.monotonic() - began
    began = time.monotonic()
    counted = _count(vote, slips)
    print(
        f"{VOTERS} 人各交两次，共 {sent} 个表单，用时 {took:.1f} 秒；开箱计票 {time.monotonic() - began:.2f} 秒，计入 {counted} 票"
    )
    _database.drop(DATABASE)
    return 0 if took < 60 and counted == VOTERS else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--processes", type=int, default=4)
    return parser.parse_args()


def _announce(key: str) -> tuple[int, list[tuple[str, str, int]]]:
    """The vote, and for each voter their session, the address and the option of their ballot."""
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from accounts.models import User
    from accounts.sign_in.sessions import SIGNED, VERIFIED
    from cases.engine.turns import Given
    from cases.services import act
    from grids.models import Building, Post
    from meetings.homes.roster import door_index
    from meetings.models import Home, Matter, Tenure
    from meetings.topics import services as topics
    from meetings.votes import services as votes

    at = timezone.now()
    people = User.objects.bulk_create(
        User(phone=f"135{n:08d}", phone_index=f"voter-{n}", name=f"居民{n}") for n in range(VOTERS)
    )
    building = Building.objects.select_related("estate__parent").order_by("pk")[0]
    community = building.estate.parent
    home = Home.objects.create(
        estate=building.estate, building=building, door="101", door_index=door_index("101"), area=90
    )
    Tenure.objects.bulk_create(Tenure(home=home, person=person, from_at=at - timedelta(days=1)) for person in people)
    desk = (
        Post.objects.filter(role="community_worker", grid=community).select_related("person").order_by("pk")[0].person
    )
    topic = topics.propose(grid=community, title="关灯时间", words="定一定", by=desk, at=at, submit_key="bench")
    matter = Matter.objects.get(name="涉及全体居民利益的重要问题")
    act(case=topic.case, verb="adopt", by=desk, at=at, version=topic.case.version, given=Given(), matter=matter)
    vote = votes.announce(
        case=topic.case,
        by=desk,
        at=at,
        version=topic.case.version,
        given=Given(),
        question="几点关灯",
        proposals=["九点", "十点"],
        basis="adults",
        opens_at=at,
        closes_at=at + timedelta(days=1),
        urn_key=key,
        witnesses=["郑大爷", "孙阿姨", "吴老师"],
    )
    options = [option.pk for option in vote.options.all()]
    voters = dict(vote.voices.values_list("voters__person", "voters"))
    forms = []
    for n, person in enumerate(people):
        client = Client(SERVER_NAME="localhost")
        client.force_login(person)
        session = client.session
        session[VERIFIED], session[SIGNED] = True, at.timestamp()
        session.save()
        path = f"/votes/{vote.key}/cast/{voters[person.pk]}/"
        forms.append((str(session.session_key), path, options[n % len(options)]))
    connection.close()
    return vote.pk, forms


def _send(forms: list[tuple[str, str, int]]) -> int:
    """Each form twice, as an impatient thumb sends it; how many were answered."""
    from django.db import connection
    from django.test import Client

    connection.close()
    sent = 0
    for session, path, option in forms:
        client = Client(SERVER_NAME="localhost")
        client.cookies[settings.SESSION_COOKIE_NAME] = session
        for _ in range(2):
            answer = client.post(path, {"option": option})
            assert answer.status_code == 302, (answer.status_code, path)
            assert "/sign-in/" not in answer["Location"], answer["Location"]
            sent += 1
    return sent


def _count(vote_id: int, slips: list[str]) -> int:
    """Ballots after the urn was opened and mixed; every voice that was cast has one."""
    from cases.escalation import sweep
    from meetings.models import SealedBallot, Vote
    from meetings.votes import counts

    vote = Vote.objects.select_related("topic__case__holder__person").get(pk=vote_id)
    at = vote.closes_at + timedelta(minutes=1)
    sweep(at=at)
    case = vote.topic.case
    case.refresh_from_db()
    assert case.holder is not None, "open cases have a holder"
    first, second = (slip for slip in map(urn.read_slip, slips[:2]) if slip)
    counts.open_urn(case=case, by=case.holder.person, at=at, version=case.version, slips=(first, second))
    assert counts.mix_urns(at=at)
    assert not SealedBallot.objects.exists()
    assert vote.voices.filter(is_cast=True).count() == vote.ballots.count()
    return vote.ballots.count()


if __name__ == "__main__":
    sys.exit(main())
