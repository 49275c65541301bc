"""In-site: the row itself is what the person reads, so delivering it is showing it from now on."""

from notices.models import Notice


def deliver(notice: Notice) -> None:
    """Nothing leaves the house: `sent_at`, set by the caller, puts it into the person's list."""
