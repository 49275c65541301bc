"""Calls of the API, as an app makes them."""

from typing import Any

from accounts.models import User
from tests.support.cast import signed_in

API = "/api/v1"
JSON = "application/json"


class App:
    """Somebody's app. What it sends bears a key, as those calls do that may be sent twice."""

    def __init__(self, person: User) -> None:
        self.client = signed_in(person)
        self.key = 0

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"{API}/{path}", query)

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        self.key += 1
        headers = {"Idempotency-Key": key or f"own-{self.key}"}
        return self.client.post(f"{API}/{path}", body or {}, content_type=JSON, headers=headers)

    def twice(self, path: str, body: Any = None) -> Any:
        """The same call sent again, as when the line breaks: answered as before."""
        self.key += 1
        key = f"twice-{self.key}"
        first, second = (self.post(path, body, key=key) for _ in range(2))
        assert (first.status_code, first.content) == (second.status_code, second.content)
        return first


def refused(answer: Any) -> list[str]:
    """At which fields."""
    assert answer.status_code == 400, answer.content.decode()
    return [error["pointer"].removeprefix("#/") for error in answer.json().get("errors", ())]
