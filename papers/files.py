"""Sealed files of papers, in private storage: served by views that ask who may see them, never by their names."""

import secrets

from django.core.files.base import ContentFile
from django.db import models

from accounts.personal_data import seal_file, unseal_file
from web.stored_files import content_of

PAPERS = "papers"


def paper_path(_: models.Model | None, filename: str) -> str:
    """A name nobody can guess. Not among the photos, where what no row names is removed."""
    token = new_token()
    return f"{PAPERS}/{token[:2]}/{token}.sealed"


def new_token() -> str:
    return secrets.token_urlsafe(18)


def sealed(content: bytes) -> ContentFile:  # type: ignore[type-arg]  # generic in the stubs only
    return ContentFile(seal_file(content), name="sealed")


def unsealed(file: models.fields.files.FieldFile) -> bytes:
    """Raises Http404 of one that is lost."""
    return unseal_file(content_of(file))
