"""How long a service outside may take."""

from django.conf import settings


def timeouts() -> tuple[float, float]:
    """Seconds to connect, and then until each piece of the answer."""
    seconds = settings.GATEWAY_MILLISECONDS / 1000
    return 0.4 * seconds, 0.6 * seconds
