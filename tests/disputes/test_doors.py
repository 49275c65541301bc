"""The permission walk for a dispute and a consultation: both parties, whoever holds it, every other role at its own place,
the neighbour community, the street and a foreign street, at every door: page, story, papers, attachments, private talks,
the thread with an expert."""

import pytest

from cases.engine.turns import Given
from cases.models import Case
from cases.services import act
from disputes.experts.services.threads import say
from disputes.models import Dispute, Exhibit, IssuedPaper, MessageFile
from disputes.services import papers
from disputes.services.talks import say_privately
from grids.models import Post
from photos.cleaning import clean
from tests.disputes.conftest import draft, meet, take_on
from tests.disputes.experts.panel import THURSDAY, a_photo
from tests.support.cast import MONDAY, post_of, signed_in

DOORS = ["/cases/{}/", "/cases/{}/note/", "/api/v1/cases/{}/", "/disputes/{}/talk/"]
APPLICANT, OTHER, LEADER = "asker", "neighbour", "group_leader 3 own"
PARTIES = {APPLICANT, OTHER}


@pytest.fixture
def under_way(dispute, staff, neighbour) -> Case:
    """Taken on, met once, the party group's leader mediates."""
    leader = staff["group_leader"]
    take_on(dispute, leader, neighbour)
    meet(dispute, leader)
    return dispute


def sits(somebody, case: Case, resident, neighbour) -> bool:
    """The parties, and whoever leads the node that holds it."""
    return somebody.person in (resident, neighbour) or (
        somebody.role == "group_leader" and somebody.node == case.holder.grid
    )


def test_nobody_but_who_sits_on_it_finds_it(under_way, everybody, resident, neighbour):
    wrong = []
    for somebody in everybody:
        for door in DOORS:
            answer = somebody.client.get(door.format(under_way.number))
            opens = answer.status_code == 200
            if opens != (somebody.person is not None and sits(somebody, under_way, resident, neighbour)):
                wrong.append(f"{door} answers {somebody.name} with {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_pages_of_the_mediator_open_to_the_mediator_alone(under_way, everybody, staff, resident, neighbour):
    leader = staff["group_leader"]
    for door in ("/disputes/{}/plan-session/", "/disputes/{}/agreement/"):
        assert signed_in(leader).get(door.format(under_way.number)).status_code == 200
    for somebody in everybody:
        if somebody.role == "group_leader" and somebody.node == under_way.holder.grid:
            continue  # stands in for the holder
        for door in ("/disputes/{}/plan-session/", "/disputes/{}/agreement/", "/disputes/{}/parties/"):
            assert somebody.client.get(door.format(under_way.number)).status_code in {302, 404}, (door, somebody.name)


def test_only_a_level_above_may_pull_it_up_and_still_reads_nothing(under_way, everybody):
    for somebody in everybody:
        opens = somebody.client.get(f"/disputes/{under_way.number}/pull-up/").status_code == 200
        above = somebody.node is None or somebody.node.level < under_way.holder.grid.level
        assert opens == (somebody.may("supervise", under_way.grid) and above), somebody.name


def test_lists_searches_and_exports_do_not_show_it(under_way, everybody, resident, neighbour):
    for somebody in everybody:
        if somebody.person is None or sits(somebody, under_way, resident, neighbour):
            continue
        for path in ("/cases/?tab=area", "/cases/?tab=mine", "/api/v1/cases/?list=area", "/api/v1/cases/?list=mine"):
            assert under_way.number not in somebody.client.get(path).content.decode(), (path, somebody.name)


def test_the_desk_counts_it_and_reads_no_word_or_name(under_way, staff, resident, neighbour):
    draft(under_way, staff["group_leader"])
    page = signed_in(staff["street_cadre"]).get("/admin/disputes/dispute/").content.decode()
    assert under_way.number in page
    for secret in (resident.name, neighbour.name, resident.masked_name, "空调", "难处"):
        assert secret not in page
    assert (
        signed_in(staff["street_cadre"])
        .get("/admin/cases/case/?q=" + under_way.number)
        .content.decode()
        .count(f"/admin/cases/case/{under_way.pk}/")
        == 0
    )
    foreign = signed_in(staff["other_cadre"]).get("/admin/disputes/dispute/").content.decode()
    assert under_way.number not in foreign


def test_one_side_never_reads_what_the_other_said_alone(under_way, staff, resident, neighbour):
    signed_in(resident).post(f"/disputes/{under_way.number}/talk/", {"words": "我可以让一步，别告诉他"})
    theirs = [
        signed_in(neighbour).get(path.format(under_way.number)).content.decode()
        for path in ("/cases/{}/", "/disputes/{}/talk/", "/api/v1/cases/{}/")
    ]
    assert not any("让一步" in page for page in theirs)
    leader = signed_in(staff["group_leader"])
    assert "我可以让一步，别告诉他" in leader.get(f"/disputes/{under_way.number}/talk/").content.decode()


def test_a_post_that_ends_closes_the_dispute_at_once(under_way, staff):
    leader = staff["group_leader"]
    Post.objects.filter(pk=post_of(leader).pk).update(until_at=Dispute.objects.get().case.opened_at)
    for door in DOORS:
        assert signed_in(leader).get(door.format(under_way.number)).status_code == 404


@pytest.fixture
def kept(signed, group_leader, resident, neighbour) -> Case:
    """An agreement in force, with all that can lie behind it: a note with a photo, an exhibit, an issued paper, what each
    side said alone."""
    photo = clean(a_photo())
    act(
        case=signed,
        verb="note",
        by=group_leader,
        at=MONDAY,
        version=signed.version,
        given=Given("他其实愿意多赔", (photo,)),
    )
    papers.add_exhibits(case=signed, entry=Exhibit.Entry.IDENTITY, photos=[photo], by=group_leader, at=MONDAY)
    for code in ("agreement", "registration"):
        papers.issue(case=signed, code=code, by=group_leader, at=MONDAY, verify_url="/")
    for person, words in ((resident, "其实只要他道歉"), (neighbour, "其实我理亏")):
        party = signed.dispute.parties.get(person=person)
        say_privately(case=signed, party=party, by=person, at=MONDAY, words=words)
    return signed


def doors_of(case: Case) -> dict[str, set[str]]:
    """Each address with whom it opens to, besides the leader who holds it."""
    photo, exhibit = case.attachments.get(), Exhibit.objects.get()
    issued = {paper.code: paper.number for paper in IssuedPaper.objects.all()}
    own = f"/disputes/{case.number}"
    return {
        f"/cases/{case.number}/": PARTIES,
        f"/api/v1/cases/{case.number}/": PARTIES,
        f"/cases/{case.number}/photos/{photo.token}/": set(),
        f"/cases/{case.number}/photos/{photo.token}/thumbnail/": set(),
        f"{own}/talk/": PARTIES,
        f"{own}/papers/": PARTIES,
        f"{own}/papers/agreement/pdf/": PARTIES,
        f"{own}/papers/agreement/docx/": PARTIES,
        f"{own}/papers/registration/pdf/": set(),
        f"{own}/issued/{issued['agreement']}/": PARTIES,
        f"{own}/issued/{issued['registration']}/": set(),
        f"{own}/exhibits/{exhibit.token}/": set(),
        f"{own}/file/": set(),
    }


def test_every_door_of_a_dispute_opens_to_whom_it_should_alone(kept, everybody):
    wrong = []
    for door, who in doors_of(kept).items():
        for somebody in everybody:
            opens = somebody.client.get(door).status_code == 200
            if opens != (somebody.name in who | {LEADER}):
                wrong.append(f"{door} {'opens' if opens else 'is shut'} to {somebody.name}")
    assert not wrong, "\n".join(wrong)


SAID = {
    "空调水滴到楼下": {APPLICANT, OTHER, LEADER},  # the agreement
    "双方都说了难处": {APPLICANT, OTHER, LEADER},  # the record of the session
    "他其实愿意多赔": {LEADER},  # a note of the mediators, in the story
    "其实只要他道歉": {APPLICANT, LEADER},  # said alone
    "其实我理亏": {OTHER, LEADER},
}
READ = ("/cases/{}/", "/api/v1/cases/{}/", "/disputes/{}/talk/", "/disputes/{}/papers/")


@pytest.mark.parametrize("door", ["exhibit", "issued", "file"])
def test_a_file_that_is_lost_is_not_found_and_said_in_the_log(kept, staff, door, caplog):
    rows = {"exhibit": Exhibit.objects, "issued": IssuedPaper.objects, "file": kept.attachments}[door]
    for row in rows.all():
        row.file.storage.delete(row.file.name)
    own = f"/disputes/{kept.number}"
    addresses = {
        "exhibit": f"{own}/exhibits/{Exhibit.objects.get().token}/", "file": f"{own}/file/",
        "issued": f"{own}/issued/{IssuedPaper.objects.earliest('pk').number}/",
    }  # fmt: skip
    assert signed_in(staff["group_leader"]).get(addresses[door]).status_code == 404
    assert "is lost" in caplog.text


def test_what_each_reads_of_it(kept, everybody):
    """Over all pages together, among them the talks with either party."""
    talks = [f"/disputes/{{}}/talk/?party={party.pk}" for party in kept.dispute.parties.all()]
    lists = ("/cases/?tab=area", "/cases/?tab=mine", "/cases/?tab=seated", f"/cases/?q={kept.number}")
    for somebody in everybody:
        paths = [path.format(kept.number) for path in (*READ, *talks)] + [*lists, "/admin/disputes/dispute/"]
        text = "".join(somebody.client.get(path).content.decode() for path in paths)
        for words, who in SAID.items():
            assert (words in text) == (somebody.name in who), f"{somebody.name}: {words}"


def test_a_consultation_opens_to_the_two_alone(talking, resident, lawyer, everybody):
    say(case=talking, by=resident, at=THURSDAY, words="押金两千元", photos=[clean(a_photo())])
    thread = f"/consultations/{talking.number}/"
    file = MessageFile.objects.get()
    doors = [
        thread, f"{thread}files/{file.token}/", f"{thread}files/{file.token}/thumbnail/", talking.get_absolute_url(),
        f"/api/v1/cases/{talking.number}/",
    ]  # fmt: skip
    two = [("lawyer", signed_in(lawyer.person))]
    for name, client in [*two, *((somebody.name, somebody.client) for somebody in everybody)]:
        for door in doors:
            assert (client.get(door).status_code == 200) == (name in {"lawyer", "asker"}), (name, door)
