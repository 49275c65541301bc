"""Who hears when the portal's doors are being tried: system administrators and auditors."""

from datetime import datetime

from grids.models import Post
from notices.services import notify

WATCH = ("system_admin", "auditor")


def tell_watch(words: str, key: str, at: datetime) -> None:
    """Called by accounts/alerts.py."""
    posts = Post.objects.held_at(at).filter(role__in=WATCH).select_related("person")
    notify(people={post.person for post in posts}, words=words, path="/admin/", key=f"alarm:{key}:{at:%Y%m%d%H}", at=at)
