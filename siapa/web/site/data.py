"""The page about the open data: what there is, what it means, how to take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from flask import Response, render_template, request

from siapa import search
from siapa.catalogue import MOST_PER_PAGE
from siapa.opendata import TABLES, package, parquet, snapshots
from siapa.opendata.feed import entries
from siapa.web import caching
from siapa.web.opendata.files import present_standing
from siapa.web.opendata.snapshots import found, newest, root
from siapa.web.site.addresses import page_url, public_url
from siapa.web.site.asked import query_of
from siapa.web.site.blueprint import site

#: Parameters of a search that can be followed.
FOLLOWED = (
    "q", "region", "mall", "agency", "category", "life_event", "free", "online", "max_days", "exact",
)  # fmt: skip
#: Of a search so many pages of the best results are followed, as long as pages may be.
FOLLOWED_PAGES = 3
#: When an empty feed was last changed: a feed must say a moment.
BEGINS = datetime(2026, 1, 1, tzinfo=UTC)


def followed(arguments: Mapping[str, str]) -> dict[str, str]:
    """What of ``arguments`` decides what is found, as a feed takes it: not how it is sorted."""
    return {name: text for name in FOLLOWED if (text := arguments.get(name, "").strip())}


def _found(asked: Mapping[str, str]) -> list[UUID]:
    """The standards that the search ``asked`` for finds, the best of them."""
    query = replace(query_of(asked), group="standard", per_page=MOST_PER_PAGE, facets=())
    pages = (replace(query, page=number) for number in range(1, FOLLOWED_PAGES + 1))
    hits = [hit for page in pages for hit in search.find(page).results]
    return [hit.standard_id for hit in hits if hit.standard_id is not None]


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
    """What was published and withdrawn last, of all agencies or of one (``?agency=``).

    With words or filters of the search it is what was published last of the standards that they find.
    """
    caching.timeless()
    asked = followed(request.args)
    if asked.keys() <= {"agency"}:
        found = entries(asked.get("agency"))
    else:
        found = entries(among=_found(asked))
    text = render_template(
        "site/feed.xml", entries=found, address=public_url(page_url("feed", **asked)), begins=BEGINS,
        public_url=public_url, query=asked.get("q", ""),
    )  # fmt: skip
    return Response(text, mimetype="application/atom+xml")
