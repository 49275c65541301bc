"""The urn's key in three slips: any two make it, one alone says nothing, a sign copied wrongly is noticed."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.votes import urn
from meetings.votes.urn import PRIME, Slip, read_slip
from web.text import NUMBER_ALPHABET

POINTS = st.integers(0, PRIME - 1)


def test_any_two_slips_in_any_order_are_the_key():
    key, slips = urn.cut_keys()
    for pair in permutations(map(read_slip, slips), 2):
        assert urn.public_key(urn.joined(*pair)) == key


def test_each_urn_has_its_own():
    assert len({urn.cut_keys()[0] for _ in range(20)}) == 20


@given(POINTS, st.integers(1, 3))
def test_a_slip_reads_as_it_is_written_however_it_is_typed(point, number):
    slip = Slip(number, point)
    assert read_slip(slip.words) == read_slip(f" {slip.words.lower().replace('-', ' ')}") == slip


@given(POINTS, POINTS)
def test_one_slip_fits_every_secret(point, secret):
    """Whatever the secret is, there is a second slip that makes it of this one: so this one says nothing of it."""
    slope = (point - secret) % PRIME
    made = urn.joined(Slip(1, point), Slip(2, (secret + 2 * slope) % PRIME))
    assert urn.public_key(made) == urn.public_key(urn._private_key(secret))


def test_a_wrong_sign_is_noticed_all_but_one_time_in_a_thousand():
    words = Slip(2, 12345678901234567890).words.replace("-", "")
    wrong = [
        words[:place] + sign + words[place + 1 :]
        for place in range(len(words))
        for sign in NUMBER_ALPHABET
        if sign != words[place]
    ]
    assert sum(read_slip(typed) is not None for typed in wrong) <= 5


@pytest.mark.parametrize("typed", ["", "7K3M", "1" * 24, "7" * 25, "甲" * 24])
def test_what_is_no_slip(typed):
    assert read_slip(typed) is None


def test_a_paper_is_opened_by_its_key_for_its_vote_alone():
    key, slips = urn.cut_keys()
    first, second, _ = map(read_slip, slips)
    sealed = urn.seal_paper("001 7K3M-9QXT-4HDP", key=key, vote="one")
    opener = urn.joined(first, second)
    assert urn.open_papers([sealed], key=opener, vote="one") == ["001 7K3M-9QXT-4HDP"]
    other = urn.joined(*map(read_slip, urn.cut_keys()[1][:2]))
    for papers, wrong in [([sealed], {"vote": "other"}), ([sealed], {"key": other}), ([sealed[:-1]], {}), ([b""], {})]:
        with pytest.raises(ValueError, match="not sealed for this urn"):
            urn.open_papers(papers, **({"key": opener, "vote": "one"} | wrong))


def test_the_same_words_are_sealed_otherwise_each_time():
    key, _ = urn.cut_keys()
    assert len({urn.seal_paper("001", key=key, vote="one") for _ in range(20)}) == 20
