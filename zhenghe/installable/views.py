from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.entry import PUBLIC, opens_to

SHELL = (
    "css/tokens.css", "css/base.css", "css/forms.css", "css/case.css", "img/mark.svg",
    "js/app.js", "js/photos.js", "js/outbox.js", "js/offline.js",
)  # fmt: skip
"""Files that the page without a network needs (templates/zhenghe/installable/offline.html)."""


@require_safe
@opens_to(PUBLIC)
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone puts on its home screen (W3C Web Application Manifest)."""
    icons = [
        {"src": static("img/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("img/mark-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("img/mark-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
    ]
    return JsonResponse(
        {
            "name": "政和社区治理",
            "short_name": "政和社区",
            "lang": "zh-Hans",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#faf7f2",
            "theme_color": "#2f6b4f",
            "icons": icons,
            "shortcuts": [{"name": "我要反映", "url": "/requests/new/"}, {"name": "消息", "url": "/notices/"}],
        },
        content_type="application/manifest+json",
    )


@require_safe
@opens_to(PUBLIC)
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the top, for it may only serve addresses below its own."""
    context = {"version": settings.VERSION, "shell": [static(path) for path in SHELL]}
    return render(
        request, "zhenghe/installable/service_worker.js", context, content_type="text/javascript; charset=utf-8"
    )


@require_safe
@opens_to(PUBLIC)
@cache_control(max_age=3600)
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the browser, so it says nothing of who looks."""
    return render(request, "zhenghe/installable/offline.html")
