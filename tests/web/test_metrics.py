"""Numbers for Prometheus: what was asked, by route and status, told by any worker for all of them."""

from __future__ import annotations

import shutil
from pathlib import Path

from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from siapa import create_app
from tests.cli.operator import Operator
from tests.cli.served import ask, free_port, started
from tests.conftest import config_at

Numbers = dict[tuple[str, ...], float]


def numbers(text: str, name: str) -> Numbers:
    """The samples called ``name``, by the values of their labels."""
    return {
        tuple(sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    }


def counting(seeded_folder: Path, folder: Path) -> Flask:
    """A seeded registry that counts."""
    for name in ("instance", "search_index"):
        shutil.copytree(seeded_folder / name, folder / name)
    return create_app(config_at(folder, SIAPA_METRICS="on"))


def test_they_are_off_unless_somebody_wants_them(seeded: Flask) -> None:
    assert seeded.test_client().get("/metrics").status_code == 404


def test_requests_are_counted_by_route_and_status_the_same_in_both_languages(
    seeded_folder: Path, tmp_path: Path
) -> None:
    visitor = counting(seeded_folder, tmp_path).test_client()
    for path in ("/mpp", "/en/mpp", "/mpp", "/mpp/tidak-ada", "/tidak/ada"):
        visitor.get(path)

    answer = visitor.get("/metrics")

    assert answer.content_type.startswith("text/plain; version=")
    assert answer.headers["Cache-Control"] == "no-store"
    assert numbers(answer.text, "siapa_request_seconds_count") == {
        ("site.malls", "2xx"): 2,
        ("kept", "2xx"): 1,
        ("site.mall", "4xx"): 1,
        ("none", "4xx"): 1,
    }
    assert 0 < numbers(answer.text, "siapa_request_seconds_sum")["site.malls", "2xx"] < 60
    assert numbers(answer.text, "siapa_index_lag") == {(): 0}
    assert numbers(answer.text, "siapa_log_number")[()] > 2_000
    assert numbers(answer.text, "siapa_worker_memory_bytes")["0",] > 10_000_000


def test_classes_of_time_add_up(seeded_folder: Path, tmp_path: Path) -> None:
    visitor = counting(seeded_folder, tmp_path).test_client()
    for page in range(1, 6):
        visitor.get(f"/instansi?page={page}")

    text = visitor.get("/metrics").text

    buckets = numbers(text, "siapa_request_seconds_bucket")
    upto = [value for labels, value in buckets.items() if "site.agencies" in labels]
    assert upto == sorted(upto)
    assert upto[-1] == 5


def test_any_worker_tells_what_all_of_them_were_asked(seeded_folder: Path, tmp_path: Path) -> None:
    counting(seeded_folder, tmp_path)
    port = free_port()
    command = ["-c", "from siapa.cli import main; main()", "serve", "--no-seed", "--port", str(port)]
    settings = {**Operator(tmp_path).settings, "SIAPA_METRICS": "on", "SIAPA_WORKERS": "2"}

    with started(command, port, "/health/ready", **settings):
        for _turn in range(40):
            ask(port, "/wilayah")
        texts = [ask(port, "/metrics") for _turn in range(6)]

    for text in texts:
        counts = numbers(text, "siapa_request_seconds_count")
        assert counts.get(("site.regions", "2xx"), 0) + counts["kept", "2xx"] == 40
        assert len(numbers(text, "siapa_worker_memory_bytes")) == 2
