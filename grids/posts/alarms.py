"""Who hears when the portal's doors are being tried: system administrators and auditors."""

from datetime import datetime

from grids.models import Post
from notices.services import News, notify
from notices.texts import Facts

WATCH = ("system_admin", "auditor")


def tell_watch(kind: str, facts: Facts, key: str, at: datetime) -> None:
    """Called by accounts/sign_in/alerts.py."""
    posts = Post.objects.held_at(at).filter(role__in=WATCH).select_related("person")
    told = News(
        kind=kind,
        people={post.person for post in posts},
        path="/admin/",
        cause=f"alarm:{key}",
        key=f"{at:%Y%m%d%H}",
        at=at,
        facts=facts,
    )
    notify(told)
