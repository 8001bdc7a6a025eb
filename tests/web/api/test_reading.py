"""What every address answers."""

from __future__ import annotations

from flask.testing import FlaskClient


def test_x(reader: FlaskClient) -> None:
    for path in [
        "search?q=perpanjang+sim+c+kendari",
        "suggest?q=sim",
        "services",
        "services/KTP-BARU",
        "standards",
        "agencies",
        "agencies/dukcapil-kendari",
        "malls",
        "malls/mpp-kendari",
        "malls/mpp-kendari/offerings",
        "locations",
        "regions",
        "regions/74",
        "changes",
        "openapi.json",
        "docs",
        "docs/try",
    ]:
        r = reader.get("/api/v1/" + path)
        print(
            r.status_code, path, dict(r.headers) if path == "services" else "", r.get_data(as_text=True)[:300]
        )
        if path == "standards":
            i = r.json["results"][0]["id"]
            for q in ["", "?as_of=2026-01-01", "/editions", "/editions/1", "/editions/1/difference"]:
                r = reader.get(f"/api/v1/standards/{i}{q}")
                print(r.status_code, q, r.get_data(as_text=True)[:400])
