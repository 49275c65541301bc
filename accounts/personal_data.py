"""Personal data kept little and well (个人信息保护法 51): encrypted at rest, found by a keyed index, masked on screen.

Fields and pure functions only. A model says what personal data it holds with an inner class:

    class PersonalData:
        personal = ("phone", "name")
        plain = ("id", "joined_at")

and tests/house/test_house.py fails when a field is in neither or in both."""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import FieldError, ValidationError
from django.db import models

ENCRYPTED = "v1:"


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # generic in the stubs only
    """Text that stands encrypted in the database. It cannot be searched: keep a `blind_index` beside it for look-up."""

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return f"{ENCRYPTED}{_keys().encrypt(text.encode()).decode()}" if text else text

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        if not value:
            return value
        return _keys().decrypt(value.removeprefix(ENCRYPTED).encode()).decode()

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in {"isnull", "isblank"}:
            raise FieldError(f"{self.name} is encrypted: look it up by its blind index")
        return super().get_lookup(lookup_name)


class EncryptedDateField(EncryptedTextField):
    """The same for a day; None where there is none."""

    def get_prep_value(self, value: date | None) -> Any:
        return super().get_prep_value(value and value.isoformat())

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        text = super().from_db_value(value)
        return date.fromisoformat(text) if text else None


@EncryptedTextField.register_lookup
class IsBlank(models.Lookup):
    """`words__isblank=True`: nothing stands there. The one thing a constraint may ask of an encrypted text: "" is kept as
    it is."""

    lookup_name = "isblank"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} {'=' if self.rhs else '<>'} ''", params


def seal_file(content: bytes) -> bytes:
    """A file's content as it lies on the disk."""
    return _keys().encrypt(content)


def unseal_file(kept: bytes) -> bytes:
    return _keys().decrypt(kept)


def seal_chunks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """A large file piece by piece, a line each, so that it never stands whole in memory."""
    keys = _keys()
    for chunk in chunks:
        yield keys.encrypt(chunk) + b"\n"


def unseal_chunks(kept: Iterable[bytes]) -> Iterator[bytes]:
    """Of the lines that `seal_chunks` made."""
    keys = _keys()
    for line in kept:
        yield keys.decrypt(line.rstrip(b"\n"))


def _keys() -> MultiFernet:
    """The first key encrypts, all of them decrypt."""
    return MultiFernet([Fernet(key) for key in settings.PERSONAL_DATA_KEYS])


def derived_key(purpose: str) -> bytes:
    """A key of its own for each purpose, from the one that stays while the encryption keys rotate."""
    return _derive(settings.PERSONAL_DATA_INDEX_KEY, purpose)


@lru_cache(maxsize=64)
def _derive(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"zhenghe {purpose}".encode()).derive(secret.encode())


def blind_index(value: str, *, purpose: str) -> str:
    """What an encrypted value is looked up by: a keyed hash, another one for each purpose."""
    return hmac.new(derived_key(f"blind index {purpose}"), value.encode(), hashlib.sha256).hexdigest()


DOTS = dict.fromkeys(map(ord, "•・‧∙⋅･᛫\u0387"), "·")
"""Keyboards write the dot inside a name in many ways; it is one (GB/T 15834)."""


def clean_name(raw: str, *, field: str = "") -> str:
    """A name as it may stand on a page: one line, one kind of dot, no control or direction marks; rare characters stay.

    Raises ValidationError (at `field`, where given): a character of one computer's own making, which nobody else sees."""
    kept = "".join(sign for sign in raw if unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}).translate(DOTS)
    name = re.sub(" ?· ?", "·", " ".join(kept.split()))
    if own := next((place for place, sign in enumerate(name, 1) if unicodedata.category(sign) == "Co"), 0):
        words = f"姓名第 {own} 个字是某台电脑自造的字，别处显示不出来。请换成通用字库里的字，没有的先用同音字代替。"
        raise ValidationError({field: words} if field else words)
    return name


def seal(text: str) -> str:
    """Encrypted for a place that is not a field of ours (a session)."""
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises cryptography's InvalidToken for what was not sealed here."""
    return _keys().decrypt(sealed.encode()).decode()


def mask_name(name: str) -> str:
    """张*, 张**: the first character stays."""
    return name[:1] + "*" * min(len(name) - 1, 2) if name else ""


def unsorted_fields(model: type[models.Model]) -> set[str]:
    """Fields of a model that its declaration sorts into neither or both kinds, and names it has that are no fields."""
    declared = getattr(model, "PersonalData", None)
    fields = {field.name for field in model._meta.concrete_fields}
    if declared is None:
        return fields
    personal, plain = set(declared.personal), set(declared.plain)
    return (fields ^ (personal | plain)) | (personal & plain)
