"""What the browser may load and do on our pages (OWASP ASVS 14.4)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Everything of our own pages comes from files of ours: no inline scripts or styles, no eval, no frames.
OWN_PAGES = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)
# The admin's theme (django-unfold with Alpine.js) evaluates expressions in attributes and sets styles inline. Nothing
# wider than that: still only files of ours, no frames, no foreign forms.
ADMIN_PAGES = OWN_PAGES + "; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'"
PERMISSIONS = "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)"


class ContentPolicy:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Content-Security-Policy"] = ADMIN_PAGES if request.path.startswith("/admin/") else OWN_PAGES
        response["Permissions-Policy"] = PERMISSIONS
        return response
