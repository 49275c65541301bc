"""The door the web server knocks on."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenghe.settings")
application = get_wsgi_application()

from accounts.demonstration import check_database  # noqa: E402 - has a model: Django has its rooms by now
from zhenghe.checks import refuse_without_sender  # noqa: E402

check_database()
refuse_without_sender()
