"""A secret ballot on its way: sealed in the urn without a name, opened when it is counted, known again by its receipt.

Nothing in the database joins a voter to a ballot: the urn holds sealed papers of one length under random keys, and who
has voted is noted on the roll without a time. Counting opens them all, forgets them and writes what they said in an
order of chance, so that not even the order of the urn is left (docs/votes.md). Pure."""

import re
import secrets

from cases.words import NUMBER_ALPHABET

RECEIPT = re.compile(rf"[{NUMBER_ALPHABET}]{{4}}(-[{NUMBER_ALPHABET}]{{4}}){{2}}")


def new_receipt() -> str:
    """Random, for the voter alone: 7K3M-9QXT-4HDP."""
    signs = "".join(secrets.choice(NUMBER_ALPHABET) for _ in range(12))
    return "-".join(signs[at : at + 4] for at in (0, 4, 8))


def read_receipt(typed: str) -> str | None:
    """As it was given, however it was typed; None for what is no receipt."""
    signs = re.sub(r"[\s\-—–]", "", typed).upper()
    said = "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))
    return said if RECEIPT.fullmatch(said) else None


def pack(*, option: int, receipt: str) -> str:
    """What goes into the seal: always of one length, so that the sealed paper tells nothing by its own."""
    return f"{option:03d} {receipt}"


def unpack(paper: str) -> tuple[int, str]:
    option, receipt = paper.split(" ")
    return int(option), receipt
