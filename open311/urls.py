from django.urls import path, register_converter

from open311 import api, desk
from open311.answers import FORMATS


class SuffixConverter:
    """The form of an answer; "" leaves it to the Accept header."""

    regex = f"(?:{'|'.join(suffix.replace('.', '[.]') for suffix in FORMATS)})?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class CodeConverter(SuffixConverter):
    """Of a service: a path's `str` would take the suffix too."""

    regex = "[0-9A-Za-z_-]+"


register_converter(SuffixConverter, "suffix")
register_converter(CodeConverter, "service_code")

app_name = "open311"
urlpatterns = [
    path("open311/discovery<suffix:suffix>", api.discovery, name="discovery"),
    path("open311/v2/services<suffix:suffix>", api.service_list, name="services"),
    path("open311/v2/services/<service_code:code><suffix:suffix>", api.service, name="service"),
    path("open311/v2/requests<suffix:suffix>", api.request_list, name="requests"),
    path("open311/v2/requests/<number:number><suffix:suffix>", api.request_one, name="request"),
    path("open311/v2/tokens/<number:number><suffix:suffix>", api.token, name="token"),
    path("open311/v2/servicerequestupdates<suffix:suffix>", api.update_list, name="updates"),
    path("open311/keys/", desk.key_list, name="key-list"),
    path("open311/keys/<int:pk>/revoke/", desk.revoke, name="key-revoke"),
]
