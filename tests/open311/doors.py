"""One object of each kind of this room for the walk over every door (tests/house/test_permissions.py)."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from cases.models import Case
from open311 import keys
from open311.catalogue import offered
from open311.models import Attribute


def open311_doors(case: Case, by: User) -> dict[str, Any]:
    """Door -> its arguments, model of the admin -> a key, and what a system would send."""
    key, drawn = keys.make(system="城管平台", by=by, at=timezone.now())
    key.last_used_at = timezone.now()
    key.save()
    service = offered()[0]
    form, number = {"suffix": ".json"}, {"number": case.number, "suffix": ".json"}
    return {
        **dict.fromkeys(("open311:discovery", "open311:services", "open311:requests", "open311:updates"), form),
        "open311:service": {"code": str(service.pk), **form},
        **dict.fromkeys(("open311:request", "open311:token"), number),
        "open311:key-revoke": {"pk": key.pk},
        "open311_attribute": Attribute.objects.create(category=service, code="pole", description="灯杆编号").pk,
        "system_key": drawn,
        "system_service": str(service.pk),
    }
