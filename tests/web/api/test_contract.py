"""The API keeps the contract it publishes: requests made from its own OpenAPI document, good and bad."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import schemathesis
from flask import Flask
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.schemas import BaseSchema

#: What a schema cannot say: whether a region or a slug exists, that a day has come, which words
#: together are too many. There, and only there, a well-formed request may be refused.
REFUSES_BY_CONTENT = (
    "find", "list_standards", "list_services", "list_agencies", "list_malls", "list_locations",
    "list_regions", "get_standard", "get_plan", "compare_standards", "get_province_statistics",
    "list_performance", "list_surveys",
)  # fmt: skip

#: For officers: without a token they are refused before anything is read. What is sent to them may
#: be no JSON, and name what is not there.
SIGNED = ("list_waiting_queries", "add_alias", "dismiss_query")
DRAFTING = (
    "begin_standard", "get_draft", "put_draft", "submit_draft", "return_draft", "publish_draft",
    "withdraw_standard", "put_offerings", "put_mall", "hand_in_import", "show_import", "take_in_import",
    "undo_import", "add_place", "get_place_record", "rename_mall", "add_counter", "put_counter",
    "confirm_counters", "confirm_counter", "confirm_offering", "list_webhooks", "add_webhook",
    "end_webhook", "report_performance", "report_survey",
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

[[operations]]
include-operation-id = {list(SIGNED)!r}
[operations.checks]
positive_data_acceptance.expected-statuses = ["2xx", "401", "404", "422"]
negative_data_rejection.expected-statuses = [400, 401, 404, 405, 414, 415, 422]

[[operations]]
include-operation-id = {list(DRAFTING)!r}
[operations.generation]
max-examples = 3
# Boundary values by the thousand would all be answered 401 here; test_drafting sends bodies with a token.
[operations.phases.coverage]
enabled = false
[operations.checks]
positive_data_acceptance.expected-statuses = ["2xx", "401", "403", "404", "409", "412", "422", "428"]
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 412, 414, 415, 422, 428]
"""


def test_every_answer_is_what_the_description_says(small_app: Flask) -> None:
    described = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", uncompressed(small_app), config=configuration()
    )

    requests, faults = outcome(described)

    assert not faults, "\n\n".join(faults[:10])
    assert requests > 1_000


def test_an_answer_that_breaks_its_description_is_found(small_app: Flask) -> None:
    document = copy.deepcopy(small_app.extensions["siapa_openapi"])
    document["paths"] = {"/api/v1/regions": document["paths"]["/api/v1/regions"]}
    document["components"]["schemas"]["RegionRef"]["properties"]["name"] = {"type": "integer"}
    described = schemathesis.openapi.from_dict(document, config=configuration())
    described.app = uncompressed(small_app)

    _requests, faults = outcome(described)

    assert any("response_schema_conformance" in fault for fault in faults)


def configuration() -> SchemathesisConfig:
    """How the runs are made: the same requests each time."""
    return SchemathesisConfig.from_str(CONFIGURATION)


def outcome(described: BaseSchema) -> tuple[int, list[str]]:
    """Of a whole run (examples, boundary values, random ones, chains): requests made, promises broken."""
    requests, faults = 0, []
    for event in engine.from_schema(described).execute():
        if isinstance(event, ScenarioFinished):
            requests += len(event.recorder.interactions)
            faults += list(failures(event))
        elif isinstance(event, NonFatalError | FatalError):
            faults.append(str(event))
    return requests, faults


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
