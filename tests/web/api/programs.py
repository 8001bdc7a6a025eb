"""Programs of officers of the small registry, that ask the API with a token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from siapa.publishing import people
from siapa.publishing.permissions import Standin
from siapa.records import Role, seed_id


@dataclass
class Program:
    """A program that asks with the token of an officer."""

    client: FlaskClient
    secret: str

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Send ``body`` as JSON; in ``headers`` underscores stand for hyphens."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        known = {"Authorization": f"Bearer {self.secret}", "Accept-Language": "en"}
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers={**known, **told})

    def get(self, path: str) -> TestResponse:
        """Read."""
        return self.ask("GET", path)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Do something."""
        return self.ask("POST", path, {} if body is None else body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> TestResponse:
        """Say what holds."""
        return self.ask("PUT", path, body, **headers)


def program_of(
    client: FlaskClient,
    role: Role,
    agency: str | None = "polresta-kendari",
    *,
    mall: str | None = None,
    scope: str = "write",
) -> Program:
    """A program of a new officer with this role in an agency, in a mall, or in the whole registry."""
    place: dict[str, Any] = {"agency_id": seed_id("agency", agency)} if agency else {}
    if mall:
        place = {"location_id": seed_id("location", mall)}
    email = f"{role}.{scope}.{mall or agency}@contoh.id"
    person = people.add_officer(email, str(role), role, by=Standin.OPERATOR, **place)
    issued = people.issue_token("uji", by=Standin.OPERATOR, scope=scope, officer_id=person.id)
    return Program(client, issued.secret)
