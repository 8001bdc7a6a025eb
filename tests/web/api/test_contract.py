"""The API keeps the contract it publishes: requests made from its own OpenAPI document, good and bad."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import schemathesis
from flask import Flask
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

#: What a schema cannot say: whether a region or a slug exists, that a day has come, which words
#: together are too many. There, and only there, a well-formed request may be refused.
REFUSES_BY_CONTENT = (
    "find", "list_standards", "list_services", "list_agencies", "list_malls", "list_locations",
    "list_regions", "get_standard",
)  # fmt: skip

CONFIGURATION = f"""
seed = 7471

[generation]
max-examples = 40
allow-x00 = false
deterministic = true

[checks]
# An address that is far too long is refused before it is read.
negative_data_rejection.expected-statuses = [400, 404, 405, 414, 422]

[[operations]]
include-operation-id = {list(REFUSES_BY_CONTENT)!r}
[operations.checks]
positive_data_acceptance.expected-statuses = ["2xx", "404", "422"]
"""


# One whole run of all phases: examples, boundary values, random ones, and chains of calls.
def test_every_answer_is_what_the_description_says(small_app: Flask) -> None:
    configuration = SchemathesisConfig.from_str(CONFIGURATION)
    described = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", uncompressed(small_app), config=configuration
    )

    requests, faults, errors = 0, [], []
    for event in engine.from_schema(described).execute():
        if isinstance(event, ScenarioFinished):
            requests += len(event.recorder.interactions)
            faults += list(failures(event))
        elif isinstance(event, NonFatalError | FatalError):
            errors.append(str(event))

    assert not faults, "\n\n".join(faults[:10])
    assert not errors
    assert requests > 1_000


def uncompressed(app: Flask) -> WSGIApplication:
    """``app``, asked without the compression that the in-process client asks for and cannot undo."""

    def ask(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        return app(environ, start_response)

    return ask


def failures(event: ScenarioFinished) -> Iterator[str]:
    """Each broken promise of a scenario, with the request that showed it."""
    for case_id, checks in event.recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                case = event.recorder.cases[case_id].value
                yield f"{check.name}: {case.as_curl_command()}\n{check.failure_info.failure}"
