"""The description of the API: ``openapi.json``, a page made from it for people, and a console.

The page is ours, so that it can be read with any browser, by any reader, without a
script. The console is Swagger UI from its package, on a page of ours: its own would
need an inline script, which our security policy refuses.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import orjson
from apispec import APISpec
from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    redirect,
    render_template,
    send_from_directory,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from siapa.locales import current_locale
from siapa.web import caching, errors

reference = Blueprint("api_reference", __name__, url_prefix="/api/v1")

#: The files of Swagger UI that the console needs.
CONSOLE_FILES = ("swagger-ui.css", "swagger-ui-bundle.js")
#: The subjects in the order in which a newcomer wants them.
SUBJECTS = {
    "search": "What a citizen would find.",
    "plan": "One trip for several services.",
    "compare": "The same service at several agencies.",
    "services": "The national catalogue.",
    "standards": "What each agency promises, now and before.",
    "malls": "Places where services are had.",
    "results": "What was measured: promise beside result, and satisfaction.",
    "agencies": "Who gives them.",
    "regions": "Provinces, regencies and cities.",
    "statistics": "What all standards in force come to, as on the page of figures.",
    "changes": "What became public, in order.",
    "drafts": "For the programs of agencies: write, submit, publish.",
    "imports": "Spreadsheets of many standards: preview, take in, take back.",
}
#: What is shown as an example of each operation, after ``/api/v1``; capitals stand for your own.
EXAMPLES = {
    "find": "/search?q=perpanjang+sim+c+kendari",
    "suggest": "/suggest?q=pasp",
    "list_waiting_queries": "/search/worklist?limit=20",
    "add_alias": "/search/worklist/alias",
    "dismiss_query": "/search/worklist/dismiss",
    "get_plan": "/plan?services=KTP-BARU,SIM-C-PANJANG&region=74.71",
    "compare_standards": "/compare?service=CODE",
    "list_services": "/services?category=administrasi-kependudukan&per_page=5",
    "get_service": "/services/CODE",
    "list_standards": "/standards?region=74&sort=fee&fields=id,title,fee_max_idr",
    "get_standard": "/standards/ID?as_of=2026-01-31",
    "list_editions": "/standards/ID/editions",
    "get_edition": "/standards/ID/editions/1",
    "compare_editions": "/standards/ID/editions/2/difference?from=1",
    "list_agencies": "/agencies?region=74.71",
    "get_agency": "/agencies/SLUG",
    "list_malls": "/malls?near=-3.97,122.51&per_page=3",
    "get_mall": "/malls/SLUG",
    "list_offerings": "/malls/SLUG/offerings",
    "list_performance": "/performance?current=true&per_page=5",
    "list_performance_of_standard": "/standards/ID/performance",
    "report_performance": "/standards/ID/performance",
    "list_surveys": "/satisfaction?current=true&per_page=5",
    "report_survey": "/agencies/SLUG/satisfaction",
    "list_locations": "/locations?kind=mall&region=74",
    "list_regions": "/regions?level=province",
    "get_region": "/regions/74.71",
    "get_statistics": "/statistics",
    "list_province_statistics": "/statistics/provinces",
    "get_province_statistics": "/statistics/provinces/74",
    "list_service_statistics": "/statistics/services?sort=-completeness&per_page=10",
    "get_service_statistics": "/statistics/services/CODE",
    "get_statistics_in_time": "/statistics/time",
    "list_changes": "/changes?since=0&limit=10",
    "begin_standard": "/agencies/SLUG/standards",
    "get_draft": "/standards/ID/draft",
    "put_draft": "/standards/ID/draft",
    "submit_draft": "/standards/ID/submit",
    "return_draft": "/standards/ID/return",
    "publish_draft": "/standards/ID/publish",
    "withdraw_standard": "/standards/ID/withdraw",
    "put_offerings": "/standards/ID/offerings",
    "put_mall": "/malls/SLUG",
    "add_place": "/malls",
    "get_place_record": "/malls/SLUG/record",
    "rename_mall": "/malls/SLUG/rename",
    "add_counter": "/malls/SLUG/counters",
    "put_counter": "/counters/ID",
    "confirm_counters": "/malls/SLUG/confirm",
    "confirm_counter": "/counters/ID/confirm",
    "confirm_offering": "/offerings/ID/confirm",
    "hand_in_import": "/imports?agency=SLUG&dry_run=true",
    "show_import": "/imports/ID",
    "take_in_import": "/imports/ID/take-in",
    "undo_import": "/imports/ID/undo",
    "list_webhooks": "/webhooks",
    "add_webhook": "/webhooks",
    "end_webhook": "/webhooks/ID/end",
}
#: What is sent to the operations that take something.
SENT = {
    "add_alias": '{"words": "bikin kartu keluarga", "service": "CODE"}',
    "dismiss_query": '{"words": "harga cabai"}',
    "begin_standard": '{"service": "CODE", "document": {"title": "Penerbitan paspor"}}',
    "put_draft": '{"document": {"title": "Penerbitan paspor baru"}}',
    "submit_draft": "{}",
    "return_draft": '{"remarks": [{"component": "fees", "text": "Sebutkan dasar hukumnya."}]}',
    "publish_draft": "{}",
    "withdraw_standard": '{"reason": "Diganti layanan daring."}',
    "report_survey": '{"from_on": "2026-07-01", "until_on": "2026-09-30", "respondents": 384, '
    '"element_means": [3.2, 3.1, 3.3, 3.8, 3.4, 3.5, 3.6, 3.2, 3.0]}',
    "report_performance": '{"from_on": "2026-07-01", "until_on": "2026-09-30", "applications": 120}',
    "put_offerings": '{"offerings": [{"location": "SLUG", "limits": "Hanya perpanjangan"}]}',
    "put_mall": '{"weekly_hours": [{"weekday": 1, "opens_at": "08.00", "closes_at": "15.30"}]}',
    "add_place": '{"kind": "office", "name": "Kantor Disdukcapil", "agency": "SLUG"}',
    "rename_mall": '{"slug": "mpp-kota"}',
    "add_counter": '{"name": "Gerai Disdukcapil", "agency": "SLUG"}',
    "put_counter": '{"floor": "2"}',
    "confirm_counters": "{}",
    "confirm_counter": '{"on": "2026-11-02"}',
    "confirm_offering": "{}",
    "take_in_import": '{"only_valid": false}',
    "undo_import": "{}",
    "add_webhook": '{"name": "Portal", "url": "https://portal.example/siapa", "agency": "SLUG"}',
    "end_webhook": "{}",
}
#: What is sent beside it.
HEADERS = {
    "put_draft": "If-Match: $ETAG",
    "put_counter": "If-Match: $ETAG",
    "hand_in_import": "Content-Type: text/csv",
}


def bind(app: Flask, spec: APISpec) -> None:
    """Serve ``spec`` in ``app``, as it is and as pages."""
    app.extensions["siapa_openapi"] = _in_order(spec.to_dict())
    app.register_blueprint(reference)


def _in_order(document: dict[str, Any]) -> dict[str, Any]:
    """``document`` with its subjects named and its addresses in their order."""
    order = list(SUBJECTS)
    paths = sorted(document["paths"].items(), key=lambda entry: order.index(_first(entry[1])["tags"][0]))
    tags = [{"name": name, "description": description} for name, description in SUBJECTS.items()]
    return {**document, "tags": tags, "paths": dict(paths)}


def _first(methods: dict[str, Any]) -> dict[str, Any]:
    """The first operation of an address."""
    return next(operation for method, operation in methods.items() if method != "parameters")


def _spec() -> dict[str, Any]:
    spec: dict[str, Any] = current_app.extensions["siapa_openapi"]
    return spec


@reference.get("/openapi.json")
def openapi_json() -> Response:
    """The OpenAPI 3.1 document."""
    caching.timeless()
    return Response(orjson.dumps(_spec()), mimetype="application/json")


@reference.get("/", strict_slashes=False)
def start() -> BaseResponse:
    """Whoever asks for the API itself is shown what it offers."""
    return redirect(url_for("api_reference.docs"), 302)


@reference.get("/docs")
def docs() -> str:
    """The reference as a page."""
    caching.timeless()
    return render_template(
        "api/docs.html",
        subjects=_subjects(_spec()),
        kinds=[(status, kind, errors.TITLES[status]) for status, kind in sorted(errors.KINDS.items())],
        base=f"{current_app.config['SIAPA'].public_url}/api/v1",
        same_page=lambda locale: url_for("api_reference.docs", lang=locale),
        address=f"{current_app.config['SIAPA'].public_url}{url_for('api_reference.docs')}",
    )


@reference.get("/docs/try")
def console() -> str:
    """The console."""
    return render_template("api/try.html", locale=current_locale())


@reference.get("/docs/try/<name>")
def console_file(name: str) -> Response:
    """A file of the console."""
    if name not in CONSOLE_FILES:
        return errors.answer(404, str(errors.TITLES[404]))
    response = send_from_directory(str(files("flask_swagger_ui") / "dist"), name, max_age=86_400)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _subjects(spec: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The operations by subject, in the order in which they were written."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for path, methods in spec["paths"].items():
        shared = methods.get("parameters", [])
        for method, operation in methods.items():
            if method != "parameters":
                grouped.setdefault(operation["tags"][0], []).append(
                    _operation(path, method, operation, shared, spec)
                )
    return list(grouped.items())


def _operation(
    path: str, method: str, operation: dict[str, Any], shared: list[dict[str, Any]], spec: dict[str, Any]
) -> dict[str, Any]:
    name = operation["operationId"]
    good = next(answer for code, answer in operation["responses"].items() if code.startswith("2"))
    schema = good["content"]["application/json"]["schema"]
    return {
        "name": name,
        "path": path,
        "method": method.upper(),
        "summary": operation.get("summary", ""),
        "parameters": [_parameter(entry) for entry in (*shared, *operation.get("parameters", []))],
        "example": EXAMPLES[name],
        "is_signed": bool(operation.get("security")),
        "sent": SENT.get(name),
        "takes_file": "requestBody" in operation and name not in SENT,
        "header": HEADERS.get(name),
        "body": _body(operation, spec),
        "answer": _fields(schema, spec),
    }


def _body(operation: dict[str, Any], spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of what is sent, as parameters are told."""
    content = operation.get("requestBody", {}).get("content", {})
    return [
        _parameter({"name": name, "in": "body", "schema": entry})
        for kind in content.values()
        for name, entry in _followed(kind["schema"], spec).get("properties", {}).items()
    ]


def _parameter(entry: dict[str, Any]) -> dict[str, Any]:
    schema = entry["schema"]
    allowed = schema.get("enum") or schema.get("items", {}).get("enum") or ()
    return {
        "name": entry["name"],
        "where": entry["in"],
        "type": schema.get("format") or schema.get("type", "string"),
        "allowed": allowed,
        "least": schema.get("minimum"),
        "most": schema.get("maximum"),
        "default": schema.get("default"),
        "description": entry.get("description") or schema.get("description", ""),
    }


def _fields(schema: dict[str, Any], spec: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The names of an answer, each with its type and meaning; of a page, those of one result."""
    found = _followed(schema, spec)
    if (
        "results" in found.get("properties", {})
        and "pages" in found["properties"]
        and "query" not in found["properties"]
    ):
        found = _followed(found["properties"]["results"]["items"], spec)
    return [
        (name, _type(entry, spec), entry.get("description", ""))
        for name, entry in found.get("properties", {}).items()
    ]


def _followed(schema: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _type(schema: dict[str, Any], spec: dict[str, Any]) -> str:
    """The type in a few signs: ``string``, ``array of Place``, ``Region or null``."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(_type(entry, spec) for entry in schema["anyOf"])
    kind = schema.get("type", "any")
    if kind == "array":
        return f"[{_type(schema['items'], spec)}]"
    words = [kind] if isinstance(kind, str) else list(kind)
    return " | ".join(schema["format"] if word == "string" and "format" in schema else word for word in words)
