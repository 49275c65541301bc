"""The lock of an urn: a ballot is sealed to a key, and what opens it is not on the server until the count. Pure.

Three witnesses (监票人) have a slip of paper each; any two open the urn, one alone says nothing. The slips are points of a
straight line through a secret number, from which the private key is derived (Shamir, How to share a secret, 1979). The
ballots are sealed by HPKE (RFC 9180), each for its own vote and otherwise than any other of the same words."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from web.moments import in_fours, signs_of
from web.text import NUMBER_ALPHABET

WITNESSES = 3
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
BITS = 107
PRIME = 2**BITS - 1
SIGNS, CHECKS = 22, 2
"""Of a slip: five bits each hold its number and its point; the last two say whether it was copied rightly."""


@dataclass(frozen=True)
class Slip:
    number: int
    point: int
    """The line's height at `number`, below PRIME."""

    @property
    def words(self) -> str:
        """As it is printed and typed: 6 × 4 signs."""
        value = self.number << BITS | self.point
        signs = "".join(NUMBER_ALPHABET[value >> 5 * place & 31] for place in reversed(range(SIGNS)))
        return in_fours(signs + _check(signs))


def _check(signs: str) -> str:
    return "".join(NUMBER_ALPHABET[byte & 31] for byte in sha256(signs.encode()).digest()[:CHECKS])


def read_slip(typed: str) -> Slip | None:
    """However it was typed; None where a sign is wrong or missing."""
    signs = signs_of(typed)
    if len(signs) != SIGNS + CHECKS or not set(signs) <= set(NUMBER_ALPHABET):
        return None
    signs, check = signs[:SIGNS], signs[SIGNS:]
    value = sum(NUMBER_ALPHABET.index(sign) << 5 * place for place, sign in enumerate(reversed(signs)))
    slip = Slip(value >> BITS, value & PRIME)
    return slip if check == _check(signs) and 1 <= slip.number <= WITNESSES and slip.point < PRIME else None


def cut_keys() -> tuple[str, list[str]]:
    """A new urn's public key, in hexadecimal, and the words of its three slips, which nobody can make again."""
    start, slope = secrets.randbelow(PRIME), secrets.randbelow(PRIME)
    slips = [Slip(number, (start + slope * number) % PRIME) for number in range(1, WITNESSES + 1)]
    return public_key(_private_key(start)), [slip.words for slip in slips]


def joined(first: Slip, second: Slip) -> X25519PrivateKey:
    """Of two different slips of one urn. Of what does not belong together a key results that fits no urn."""
    slope = (second.point - first.point) * pow(second.number - first.number, -1, PRIME) % PRIME
    return _private_key((first.point - slope * first.number) % PRIME)


def _private_key(start: int) -> X25519PrivateKey:
    derived = HKDF(SHA256(), 32, salt=None, info=b"zhenghe urn").derive(start.to_bytes(14))
    return X25519PrivateKey.from_private_bytes(derived)


def public_key(private: X25519PrivateKey) -> str:
    return private.public_key().public_bytes_raw().hex()


def seal_paper(paper: str, *, key: str, vote: str) -> bytes:
    """`key`: the urn's public one; `vote`: which vote it counts in."""
    return SUITE.encrypt(paper.encode(), X25519PublicKey.from_public_bytes(bytes.fromhex(key)), vote.encode())


def open_papers(papers: Sequence[bytes], *, key: X25519PrivateKey, vote: str) -> list[str]:
    """Raises ValueError where one was not sealed for this urn and vote, or was changed."""
    try:
        return [SUITE.decrypt(paper, key, vote.encode()).decode() for paper in papers]
    except InvalidTag:
        raise ValueError("a paper was not sealed for this urn") from None
