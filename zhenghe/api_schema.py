"""What the API takes and answers (OpenAPI 3.1), and a page to try it."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

from accounts.entry import PUBLIC, opens_to


class SchemaView(SpectacularAPIView):
    permission_classes = (AllowAny,)
    get = opens_to(PUBLIC)(SpectacularAPIView.get)


class SchemaPage(SpectacularSwaggerSplitView):
    permission_classes = (AllowAny,)
    get = opens_to(PUBLIC)(SpectacularSwaggerSplitView.get)
