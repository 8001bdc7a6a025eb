"""The registry as a fresh installation has it, asked by a program."""

from __future__ import annotations

import pytest
from flask import Flask


@pytest.mark.parametrize(
    ("query", "region", "service", "mall"),
    [
        ("q=perpanjang+sim+c+kendari", "74.71", "SIM-C-PANJANG", "mpp-kota-kendari"),
        ("q=bikin+ktp", None, "KTP-BARU", None),
        ("q=paspor&region=74", "74", "PASPOR-BIASA", "mpp-kota-kendari"),
        ("q=akte+lahir", None, "AKTA-LAHIR", None),
    ],
)
def test_what_a_citizen_types_finds_the_service_and_where_it_is_had(
    seeded_app: Flask, query: str, region: str | None, service: str, mall: str | None
) -> None:
    answer = seeded_app.test_client().get(f"/api/v1/search?{query}").get_json()

    understood = answer["query"]["region"]
    first = answer["results"][0]
    assert (understood and understood["code"]) == region
    assert first["service"]["code"] == service
    assert first["standard"] is not None
    assert mall is None or mall in [place["slug"] for place in first["offerings"]]


def test_every_list_can_be_read_to_its_end(seeded_app: Flask) -> None:
    client = seeded_app.test_client()

    for path in ("services", "standards", "agencies", "malls", "regions"):
        address, seen, total = f"/api/v1/{path}?per_page=50", [], None
        while address:
            page = client.get(address).get_json()
            seen += [result.get("id") or result["code"] for result in page["results"]]
            address, total = page["next"], page["total"]

        assert len(seen) == len(set(seen)) == total, path
