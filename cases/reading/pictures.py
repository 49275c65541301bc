"""A photo of a case, for whoever sees the case: pages and API hand out the same."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from cases.engine.access import reads_as_asker, standing_of
from cases.models import Attachment, Case
from cases.reading.story import may_hear
from web.stored_files import stored_file


def picture_for(user: User, case: Case, token: str, *, is_thumbnail: bool) -> FileResponse:
    """Raises Http404: not there, said by another party, or still being made."""
    attachment = get_object_or_404(Attachment.objects.select_related("event__case"), case=case, token=token)
    standing = standing_of(user, case)
    if reads_as_asker(standing) and not may_hear(attachment.event, user, standing):
        raise Http404
    file = attachment.thumbnail if is_thumbnail else attachment.file
    if not file:
        raise Http404
    response = stored_file(file, "image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    return response
