"""Photos in a form: the clean ones, and at the field one sentence for each that is refused."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from photos.cleaning import LargePhoto, Photo, clean_all

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"
"""What phones send; some know HEIC by the ending alone."""


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile[bytes]]:
        uploads: list[UploadedFile[bytes]] = files.getlist(name)
        return uploads


class PhotoInput(PhotosInput):
    allow_multiple_selected = False


class PhotosField(forms.FileField):
    """Up to nine photos. Its initial value: checksums of those that are kept already, which count and are not taken twice.

    `can_wait`: large ones come as LargePhoto, for a worker; whoever keeps them keeps rows of cases.models.KeptPhoto. `good`:
    what was fine of what was sent, also when something else was refused."""

    widget = PhotosInput(attrs={"accept": ACCEPT})
    default_error_messages = {"required": "请选择照片。"}

    def __init__(self, *, can_wait: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.can_wait = can_wait
        self.good: list[Photo | LargePhoto] = []

    def clean(self, data: Any, initial: Any = None) -> list[Photo | LargePhoto]:
        uploads = [upload for upload in data or () if upload]
        self.good, refused = clean_all(uploads, kept=initial or (), can_wait=self.can_wait)
        if refused:
            raise forms.ValidationError(refused)
        if self.required and not uploads:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return self.good


class PhotoField(PhotosField):
    """One photo, or none."""

    widget = PhotoInput(attrs={"accept": ACCEPT})
    default_error_messages = {"required": "请选一张照片。"}

    def clean(self, data: Any, initial: Any = None) -> Any:
        photos = super().clean(list(data or ())[:1])
        return photos[0] if photos else None
