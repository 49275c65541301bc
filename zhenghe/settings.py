"""Environment -> settings. One file for trial, tests and production; what is set wrongly stops the start with a sentence.

Every variable is explained in docs/settings.md. The scripts set DATABASE_URL and the secrets on a machine without servers.
"""

import re
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

from zhenghe import libraries
from zhenghe.environment import (
    database_from_url,
    env_bool,
    env_bounds,
    env_int,
    env_list,
    env_text,
    read_hours,
    read_keys,
    read_mail_security,
    read_networks,
    read_shifts,
    read_weights,
)

BASE_DIR = Path(__file__).resolve().parent.parent

VERSION = re.findall(r"^## (\S+)", (BASE_DIR / "CHANGELOG.md").read_text(), re.M)[0]

DEBUG = env_bool("DEBUG", default=False)
DEMO = env_bool("DEMO", default=False)
if DEMO and env_bool("HTTPS", default=False):
    raise ImproperlyConfigured("DEMO=1 是演示，密码是公开的，不能用 HTTPS=1 对外提供。正式运行请设 DEMO=0。")
SECRET_KEY = env_text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
CSRF_FAILURE_VIEW = "zhenghe.api.csrf_failure"
DATA_DIR = Path(env_text("DATA_DIR", str(BASE_DIR / ("var" if DEMO else "var/portal"))))
# Below so much free space nothing starts, and /readyz says so.
NEEDED_DISK_BYTES = env_int("NEEDED_DISK_BYTES", 1024**3, least=0)

# The first key encrypts, all of them decrypt: `PERSONAL_DATA_KEY=new,old` while rotating.
PERSONAL_DATA_KEYS = read_keys(env_text("PERSONAL_DATA_KEY"))
# Look-up by phone and the seals of the audit trail go over this key: it stays while the others rotate.
PERSONAL_DATA_INDEX_KEY = env_text("PERSONAL_DATA_INDEX_KEY")

# What rooms above register comes behind what those below registered. zhenghe/urls.py mounts the addresses of each.
ROOMS = [
    "accounts",
    "notices",
    "grids",
    "moderation",
    "cases",
    "imports",
    "residents",
    "disputes",
    "volunteers",
    "meetings",
    "dashboards",
    "operations",
    "open311",
    "webhooks",
    "desk",
]
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "django_htmx",
    "import_export",
    "mptt",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "gateways",
    "web",
    *ROOMS,
    "zhenghe",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "zhenghe.security.SafePages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.api.tokens.BearerSession",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.AskedOnce",
    "accounts.middleware.KnownBrowser",
    "accounts.middleware.KeptForms",
    "accounts.middleware.SignInDuties",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "zhenghe.urls"
WSGI_APPLICATION = "zhenghe.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhenghe.home.page_frame",
            ],
        },
    },
]

DATABASES = {"default": database_from_url(env_text("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.sign_in.backends.PhonePasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.sign_in.passwords.KindsValidator"},
    {"NAME": "accounts.sign_in.passwords.HistoryValidator"},
]
PASSWORD_DAYS = env_int("PASSWORD_DAYS", 90)
IDLE_MINUTES = env_int("IDLE_MINUTES", 30)
IDLE_MINUTES_RESIDENT = env_int("IDLE_MINUTES_RESIDENT", 14 * 24 * 60)
SESSION_HOURS = env_int("SESSION_HOURS", 12)
SESSION_HOURS_RESIDENT = env_int("SESSION_HOURS_RESIDENT", 90 * 24)
# How many reverse proxies of ours stand before the portal; what they saw is where a request comes from.
PROXIES = env_int("PROXIES", 0, least=0)

# A form that could not be taken is kept so long, and of all people together so much (accounts/unsent/forms.py).
KEPT_FORM_HOURS = env_int("KEPT_FORM_HOURS", 24)
KEPT_FORMS_MB = env_int("KEPT_FORMS_MB", 2048)

# Lock-out after wrong passwords: this phone from this address, nobody else.
LOCK_MINUTES = env_int("LOCK_MINUTES", 15)
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=LOCK_MINUTES)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"  # by default the model's, which nobody types
AXES_USERNAME_CALLABLE = "accounts.sign_in.backends.lock_name"
AXES_CLIENT_IP_CALLABLE = "web.client_address.client_address"
AXES_SENSITIVE_PARAMETERS = ["phone", "username"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

LOGIN_URL = reverse_lazy("accounts:sign-in")
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Services outside (gateways/). So long one call may take: nobody who waits for a code waits longer than 3 s.
GATEWAY_MILLISECONDS = env_int("GATEWAY_MILLISECONDS", 2500)
# SMS: aliyun, tencent, a module of the county's own with a class Client, or trial, which sends nothing.
SMS_GATEWAY = env_text("SMS_GATEWAY", "trial" if DEMO else "")
if DEMO and SMS_GATEWAY != "trial":
    raise ImproperlyConfigured("DEMO=1 是演示，不给任何人发短信，不能设 SMS_GATEWAY。正式运行请设 DEMO=0。")
SMS_ENDPOINT = env_text("SMS_ENDPOINT", "")
SMS_KEY_ID, SMS_KEY_SECRET = env_text("SMS_KEY_ID", ""), env_text("SMS_KEY_SECRET", "")
SMS_APP_ID, SMS_REGION = env_text("SMS_APP_ID", ""), env_text("SMS_REGION", "ap-guangzhou")
SMS_SIGN = env_text("SMS_SIGN", "")
SMS_CODE_TEMPLATE = env_text("SMS_CODE_TEMPLATE", "")
# What one SMS costs, in thousandths of a yuan; long ones are several (notices/channels/sms.py).
SMS_PRICE = env_int("SMS_PRICE", 45, least=0)
# The secret part of the address at which the gateway reports what arrived; empty: it reports nothing.
SMS_REPORT_KEY = env_text("SMS_REPORT_KEY", "")
if SMS_GATEWAY not in {"", "trial"} and not (SMS_KEY_ID and SMS_KEY_SECRET and SMS_SIGN and SMS_CODE_TEMPLATE):
    raise ImproperlyConfigured(
        "设了 SMS_GATEWAY，就要设 SMS_KEY_ID、SMS_KEY_SECRET、SMS_SIGN（签名）和 SMS_CODE_TEMPLATE（验证码模板）。"
    )
# WeChat: the mini-program and the 公众号 of the county, where it has them.
WECHAT_API_URL = env_text("WECHAT_API_URL", "https://api.weixin.qq.com")
WECHAT_OPEN_URL = env_text("WECHAT_OPEN_URL", "https://open.weixin.qq.com")
WECHAT_MINI_ID, WECHAT_MINI_SECRET = env_text("WECHAT_MINI_ID", ""), env_text("WECHAT_MINI_SECRET", "")
WECHAT_MINI_STATE = env_text("WECHAT_MINI_STATE", "formal")
WECHAT_OFFICIAL_ID, WECHAT_OFFICIAL_SECRET = env_text("WECHAT_OFFICIAL_ID", ""), env_text("WECHAT_OFFICIAL_SECRET", "")
# The token of 消息推送, by which WeChat proves that an event is its own.
WECHAT_EVENT_TOKEN = env_text("WECHAT_EVENT_TOKEN", "")
if DEMO and (WECHAT_MINI_ID or WECHAT_OFFICIAL_ID):
    raise ImproperlyConfigured("DEMO=1 是演示，不能设 WECHAT_MINI_ID、WECHAT_OFFICIAL_ID。正式运行请设 DEMO=0。")
# The county's own sign-in service (OpenID Connect), by which staff may sign in.
OIDC_ISSUER = env_text("OIDC_ISSUER", "")
OIDC_CLIENT_ID, OIDC_CLIENT_SECRET = env_text("OIDC_CLIENT_ID", ""), env_text("OIDC_CLIENT_SECRET", "")
OIDC_LABEL = env_text("OIDC_LABEL", "统一身份认证")
if OIDC_ISSUER and not (OIDC_CLIENT_ID and OIDC_CLIENT_SECRET):
    raise ImproperlyConfigured("设了 OIDC_ISSUER，就要设 OIDC_CLIENT_ID 和 OIDC_CLIENT_SECRET。")
if DEMO and OIDC_ISSUER:
    raise ImproperlyConfigured("DEMO=1 是演示，不能设 OIDC_ISSUER。正式运行请设 DEMO=0。")
# Whatever residents write for everybody waits for a person of the desk. Without it: by WeChat's check where there is a
# mini-program, else it is public at once.
PUBLIC_BY_PERSON = env_bool("PUBLIC_BY_PERSON", default=False)
# Networks of the house that webhooks may reach beside public addresses (gateways/webhooks.py).
WEBHOOK_NETWORKS = read_networks(env_text("WEBHOOK_NETWORKS", ""))
# So many threads of a worker's child send at the same time.
NOTICE_SENDERS = env_int("NOTICE_SENDERS", 8, least=1)
# From and to which hour nobody's phone rings, but for danger.
QUIET_HOURS = read_hours(env_text("QUIET_HOURS", "22-7"))

# How one-time codes leave the house: by SMS; a trial writes them to the console and, in demo mode, onto the page.
TRIAL_SENDER = "accounts.sign_in.senders.ConsoleSender"
SMS_SENDER = "accounts.sign_in.senders.SmsSender"
CODE_SENDER = env_text("CODE_SENDER", TRIAL_SENDER if SMS_GATEWAY in {"", "trial"} else SMS_SENDER)
if DEMO and CODE_SENDER != TRIAL_SENDER:
    raise ImproperlyConfigured("DEMO=1 是演示，不给任何人发短信，不能设 CODE_SENDER。正式运行请设 DEMO=0。")
CODE_VALID_MINUTES = env_int("CODE_VALID_MINUTES", 10)
# So many wrong codes in an hour, of whichever phones, raise an alarm; nobody is locked out by it.
WRONG_CODES_ALARM = env_int("WRONG_CODES_ALARM", 200)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# Leaflet's files from the package django-leaflet, which is no app of ours: its admin and forms want GDAL.
if not (_leaflet_spec := find_spec("leaflet")) or not _leaflet_spec.submodule_search_locations:
    raise ImproperlyConfigured("没有装上 django-leaflet，请运行 script/setup。")
_leaflet = Path(_leaflet_spec.submodule_search_locations[0])
STATICFILES_DIRS = [BASE_DIR / "static", ("leaflet", _leaflet / "static/leaflet")]
MEDIA_ROOT = Path(env_text("MEDIA_ROOT", str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# Served by views that ask who may see them, read by nobody else on the machine.
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "zhenghe.uploads.CappedUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env_bool("HTTPS", default=False)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE
SECURE_HSTS_SECONDS = 31536000 if SESSION_COOKIE_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SESSION_COOKIE_SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
SESSION_COOKIE_HTTPONLY = True
# Over HTTPS the browser itself holds them to this host.
SESSION_COOKIE_NAME = "__Host-sessionid" if SESSION_COOKIE_SECURE else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SESSION_COOKIE_SECURE else "csrftoken"
# Which browser this is (accounts/sign_in/browser.py).
BROWSER_COOKIE_NAME = "__Host-browser" if SESSION_COOKIE_SECURE else "browser"
SESSION_COOKIE_AGE = 14 * 24 * 3600
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# Without a broker nothing is lost: the sweeps are called by beat through it, so it has to be there sooner or later.
REDIS_URL = env_text("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL
if not REDIS_URL.startswith("memory:"):
    # The bell must never hold up an answer: fail within a second, the sweep finds what was missed.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 0.5, "socket_timeout": 2}
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker, however long
# Nobody asks workers anything through the broker; its queues of replies are one more thing that breaks with it.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BEAT_SCHEDULER = "operations.heartbeats:Scheduler"
# A task that hangs is ended and leaves its place in the pool; what it was about is a row that is found again.
CELERY_TASK_TIME_LIMIT = 3600
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.05}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
SWEEP_SECONDS = env_int("SWEEP_SECONDS", 20)

# The field's defaults; limits themselves are rows that staff edit (cases/models/rules.py).
WORK_SHIFTS = read_shifts(env_text("WORK_SHIFTS", "08:30-12:00,14:30-18:00"))
# So many neighbours co-sign a resident's topic before it is screened (meetings/).
TOPIC_COSIGNERS = env_int("TOPIC_COSIGNERS", 5)
# How long a volunteer's background check holds (volunteers/): visits to minors and lone elderly ask for one.
BACKGROUND_CHECK_DAYS = env_int("BACKGROUND_CHECK_DAYS", 1095)
# So long whoever asked for something is waited for to say whether it is solved, before somebody else may verify it.
NEED_WORD_DAYS = env_int("NEED_WORD_DAYS", 7)

# What 响应率, 解决率 and 满意率 weigh in the score (dashboards/figures/sums.py), and the base below which a share says little.
THREE_RATES_WEIGHTS = read_weights(env_text("THREE_RATES_WEIGHTS", "10,45,45"))
FIGURES_LEAST_BASE = env_int("FIGURES_LEAST_BASE", 10)
# Days after the freezing of an assessment in which the assessed may appeal (dashboards/assessments/services/appeals.py).
ASSESSMENT_APPEAL_DAYS = env_int("ASSESSMENT_APPEAL_DAYS", 5)
# How often the wall screen asks for what is new.
COCKPIT_SECONDS = env_int("COCKPIT_SECONDS", 15, least=5)

# A list behind a figure is exported up to so many rows (dashboards/exports/services.py).
EXPORT_MOST_ROWS = env_int("EXPORT_MOST_ROWS", 200_000)

# Where the portal is reached from outside: in links of mails and of exported lists.
PORTAL_URL = env_text("PORTAL_URL", "").rstrip("/")
# Reports by mail (notices/channels/mail.py). Without a host nothing is sent and nobody is offered it.
EMAIL_HOST = env_text("EMAIL_HOST", "")
if DEMO and EMAIL_HOST:
    raise ImproperlyConfigured("DEMO=1 是演示，不给任何人发邮件，不能设 EMAIL_HOST。正式运行请设 DEMO=0。")
EMAIL_PORT = env_int("EMAIL_PORT", 465)
EMAIL_HOST_USER = env_text("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env_text("EMAIL_PASSWORD", "")
EMAIL_USE_SSL, EMAIL_USE_TLS = read_mail_security(env_text("EMAIL_SECURITY", "ssl"))
EMAIL_TIMEOUT = 30  # well below the lease of the outbox
DEFAULT_FROM_EMAIL = env_text("EMAIL_FROM", "")
if EMAIL_HOST and not (DEFAULT_FROM_EMAIL and PORTAL_URL):
    raise ImproperlyConfigured("设了 EMAIL_HOST，就要设 EMAIL_FROM（发件地址）和 PORTAL_URL（邮件里的链接用）。")

# Who answers for personal data, how to reach them, and what it is for (个人信息保护法 17): the notice names them.
PRIVACY_HANDLER = env_text("PRIVACY_HANDLER", "")
PRIVACY_CONTACT = env_text("PRIVACY_CONTACT", "")
PRIVACY_PURPOSE = env_text("PRIVACY_PURPOSE", "只用来办理您反映的事、您预约和报名的事，并把结果告诉您")
# The county on the map (grids/county/shapes.py): a rectangle, or what the shapes of a GeoJSON file cover.
COUNTY_BOUNDS = env_bounds("COUNTY_BOUNDS", "27.0,118.5,27.7,119.4")
COUNTY_SHAPES = env_text("COUNTY_SHAPES", "")
# Address of map tiles, "https://tiles.example.cn/{z}/{x}/{y}.png"; empty: the map draws shapes and points alone.
MAP_TILES = env_text("MAP_TILES", "")
MAP_CREDIT = env_text("MAP_CREDIT", "")
# The ten-minute circle (grids/places/circle.py). GB 50180-2018: ten minutes are about 500 m of way.
WALK_MINUTES = env_int("WALK_MINUTES", 10)
WALK_SPEED = env_int("WALK_SPEED", 50)
DETOUR_PERCENT = env_int("DETOUR_PERCENT", 125, least=100)

# A resident's words may begin with "=": a spreadsheet must not run them (tables/admin.py has the formats).
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = IMPORT_EXPORT_ESCAPE_ILLEGAL_CHARS_ON_EXPORT = True

UNFOLD, REST_FRAMEWORK = libraries.UNFOLD, libraries.REST_FRAMEWORK
SPECTACULAR_SETTINGS = {**libraries.SPECTACULAR_SETTINGS, "VERSION": VERSION}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # One line a fault, repeated ones counted: an outage of the database is no flood (zhenghe/log_lines.py).
    "formatters": {"line": {"()": "zhenghe.log_lines.OneLine"}},
    "handlers": {"console": {"class": "zhenghe.log_lines.CountingHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_text("LOG_LEVEL", "INFO")},
    "loggers": {
        "celery": {"level": env_text("CELERY_LOG_LEVEL", "WARNING")},  # at INFO it tells of every task
        "axes": {"level": "ERROR"},  # what it says stands in the audit trail
        "django": {"handlers": [], "propagate": True},  # its own console handler would say everything twice
        "django.server": {"handlers": [], "propagate": True},
    },
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
