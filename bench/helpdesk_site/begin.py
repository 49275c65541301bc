"""One queue, so many tickets in it, somebody signed in:  python begin.py TICKETS > begun.json"""

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from helpdesk.models import Queue, Ticket  # noqa: E402

person = get_user_model().objects.create_superuser("staff", "", "bench")
queue = Queue.objects.create(title="Lights", slug="lights", allow_public_submission=True)
Ticket.objects.bulk_create(
    Ticket(title=f"Lamp {number}", queue=queue, description="It is dark.") for number in range(int(sys.argv[1]))
)
session = SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.save()
json.dump({"session": session.session_key, "queue": queue.pk}, sys.stdout)
