"""The page about the open data: what there is, what it means, how to take it."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, render_template, request

from siapa.opendata import TABLES, package, parquet, snapshots
from siapa.opendata.feed import entries
from siapa.web import caching
from siapa.web.opendata.files import present_standing
from siapa.web.opendata.snapshots import found, newest, root
from siapa.web.site.addresses import page_url, public_url
from siapa.web.site.blueprint import site

#: When an empty feed was last changed: a feed must say a moment.
BEGINS = datetime(2026, 1, 1, tzinfo=UTC)


@site.get("/data")
def data() -> str:
    """Every table with its columns and its files, and how to cite them."""
    standing = present_standing()
    manifest = newest()
    return render_template(
        "site/data.html",
        tables=TABLES,
        endings=(
            "csv",
            "csv.gz",
            "jsonl",
            "jsonl.gz",
            "xlsx",
            *(("parquet",) if parquet.is_at_hand() else ()),
        ),
        standing=standing,
        citation=package.cited(standing),
        snapshot=manifest,
        entries={entry.name: entry for entry in manifest.tables} if manifest else {},
    )


@site.get("/data/snapshots")
def data_snapshots() -> str:
    """The snapshots there are, and how to verify one."""
    return render_template("site/snapshots.html", snapshots=snapshots.snapshots(root()))


@site.get("/data/snapshots/<int:number>")
def data_snapshot(number: int) -> str:
    """One snapshot with its files."""
    folder = found(number)
    sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    return render_template(
        "site/snapshot.html", snapshot=snapshots.manifest_of(folder), sizes=dict(sorted(sizes.items()))
    )


@site.get("/feed.atom")
def feed() -> Response:
    """What was published and withdrawn last, of all agencies or of one (``?agency=``)."""
    caching.timeless()
    agency = request.args.get("agency") or None
    found = entries(agency)
    address = public_url(page_url("feed", agency=agency))
    text = render_template(
        "site/feed.xml", entries=found, address=address, begins=BEGINS, public_url=public_url
    )
    return Response(text, mimetype="application/atom+xml")
