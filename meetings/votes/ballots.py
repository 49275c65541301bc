"""A secret ballot: the paper that goes into the urn, and the receipt by which its voter knows it again. Pure.

What hides it stands in docs/rooms/meetings.md: the paper is sealed to the witnesses' key (meetings/votes/urn.py), who has voted is
noted on the roll without a time, and the count writes options and receipts apart, each in an order of chance."""

import re
import secrets

from web.moments import in_fours, signs_of
from web.text import NUMBER_ALPHABET

RECEIPT = re.compile(rf"[{NUMBER_ALPHABET}]{{4}}(-[{NUMBER_ALPHABET}]{{4}}){{2}}")


def new_receipt() -> str:
    """Random, for the voter alone: 7K3M-9QXT-4HDP."""
    return in_fours("".join(secrets.choice(NUMBER_ALPHABET) for _ in range(12)))


def read_receipt(typed: str) -> str | None:
    """As it was given, however it was typed; None for what is no receipt."""
    receipt = in_fours(signs_of(typed))
    return receipt if RECEIPT.fullmatch(receipt) else None


def pack(*, option: int, receipt: str) -> str:
    """What goes into the seal: always of one length, so that the sealed paper tells nothing by its own."""
    return f"{option:03d} {receipt}"


def unpack(paper: str) -> tuple[int, str]:
    option, receipt = paper.split(" ")
    return int(option), receipt
