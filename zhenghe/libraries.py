"""Settings of libraries that no operator sets: the theme of the admin, the API and its schema
(whose version settings.py reads)."""

UNFOLD = {
    "SITE_TITLE": "政和社区治理",
    "SITE_HEADER": "政和社区治理",
    "SITE_URL": "/",
    "DASHBOARD_CALLBACK": "dashboards.admin_home.own_figures",
    "ENVIRONMENT": "zhenghe.home.environment",
    "SIDEBAR": {"show_all_applications": False, "show_search": False, "navigation": "desk.menu.for_admin"},
    # Tea green of static/css/tokens.css, lighter and darker.
    "COLORS": {
        "primary": {
            "50": "#f1f6f3",
            "100": "#e4eee8",
            "200": "#c6dccf",
            "300": "#9cc2ae",
            "400": "#6da288",
            "500": "#47805f",
            "600": "#2f6b4f",
            "700": "#235340",
            "800": "#1c4233",
            "900": "#16352a",
            "950": "#0b1d17",
        }
    },
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["zhenghe.api.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": [
        "zhenghe.api.JSONParser",
        "zhenghe.api.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "accounts.api.lists.Pages",
    "DEFAULT_THROTTLE_CLASSES": ["zhenghe.api.ReadThrottle"],
    "PAGE_SIZE": 25,
    "EXCEPTION_HANDLER": "zhenghe.api.refusal",
    "DEFAULT_SCHEMA_CLASS": "accounts.api.schema.Schema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "政和社区治理 API",
    "DESCRIPTION": "和网页同样的办理、同样的权限。登录后把令牌放进 Authorization: Bearer。",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",  # no CDN at run time
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {"InvitationAnswerEnum": "meetings.models.conference.Invitation.Answer"},
}
