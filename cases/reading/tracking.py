"""The link that follows a case without signing in: its number and a signature nobody can guess. Nothing is stored."""

from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse

from cases.models import Case

_signer = Signer(salt="cases.tracking")


def tracking_path(case: Case) -> str:
    signature = _signer.signature(case.number)
    return reverse("cases:track", args=[case.number, signature])


def tracked_case(number: str, signature: str) -> Case:
    """Raises Http404 for a wrong signature and for no such case alike."""
    try:
        _signer.unsign(f"{number}{_signer.sep}{signature}")
    except BadSignature as wrong:
        raise Http404 from wrong
    case: Case | None = (
        Case.objects.filter(number=number, is_private=False)
        .select_related("grid", "holder__person", "holder__grid")
        .first()
    )
    if case is None:
        raise Http404
    return case
