"""What the schema says is what the API does: calls made from the schema, by people of six roles, are answered as it says and
never with a fault. EXAMPLES=… tries more of them."""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.cast import signed_in

pytestmark = pytest.mark.django_db(transaction=True)

EXAMPLES = int(os.environ.get("EXAMPLES", "3"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ROLES = ("resident", "grid_leader", "branch_secretary", "community_worker", "street_cadre", "county_admin")


@pytest.fixture
def schema(live_server):
    return schemathesis.openapi.from_url(f"{live_server.url}/api/schema/?format=json")


@pytest.mark.parametrize("role", ROLES)
def test_the_api_answers_as_its_schema_says(schema, request_case, staff, resident, role, monkeypatch):
    monkeypatch.setattr("accounts.limiter.LIMITS", {})
    monkeypatch.setattr("accounts.limiter.check", lambda what, **who: None)
    person = resident if role == "resident" else staff[role]
    headers = {"Authorization": f"Bearer {signed_in(person).session.session_key}"}
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def ask(case):
            if "number" in (case.path_parameters or {}):
                case.path_parameters["number"] = request_case.number
            case.validate_response(case.call(headers=headers), checks=CHECKS)

        ask()
