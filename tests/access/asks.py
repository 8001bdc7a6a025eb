"""What is sent to each route, good enough to be done where it is allowed.

``{name}`` stands for what the world calls so. A route that wants nothing sent stands not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.access.world import OLDER_SHEET, PASSWORD, PDF
from tests.publishing.cast import content

NEW_PASSWORD = "lima kuda lari pagi"


@dataclass(frozen=True)
class Ask:
    """One request beyond its address."""

    form: Mapping[str, str] = field(default_factory=dict)
    file: tuple[bytes, str] | None = None
    query: str = ""
    json: Any = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    #: What stands on the answer for those only who may see it: then the code is ``sees``.
    shows: str = ""


def form(**fields: str) -> Ask:
    """A form with these fields."""
    return Ask(form={name.replace("__", "."): value for name, value in fields.items()})


def json(shows: str = "", **values: Any) -> Ask:
    """A JSON object."""
    return Ask(json=values, shows=shows)


#: What the arguments of an address are, by the thing that is acted on; the first is for all things.
ARGUMENTS: dict[str, dict[str, str]] = {
    "": {
        "standard_id": "{THING}", "batch_id": "{THING}", "import_id": "{THING}", "officer_id": "{THING}",
        "membership_id": "{colleague's role}", "token_id": "{colleague's token}", "synonym_id": "{synonym}",
        "regulation_id": "{regulation}", "agency_id": "{agency's id}", "report_id": "{report}",
        "succession_id": "{renaming}", "way": "renaming",
        "number": "1", "key": "dasar", "slug": "{THING}", "code": "{THING}", "name": "swagger-ui.css",
        "session_id": "{session}", "passkey_id": "{colleague's passkey}",
        "location_id": "{place}", "counter_id": "{counter}", "offering_id": "{offering}",
        "identity_id": "{colleague's identity}",
        "webhook_id": "{webhook}", "delivery_id": "{message}",
    },
    "mine": {"token_id": "{token}", "passkey_id": "{passkey}", "identity_id": "{identity}"},
    "foreign": {"session_id": "{colleague's session}"},
}  # fmt: skip

_SEES_SECRET = Ask(shows="Rahasiawan")
_REMARKS = [{"component": "fees", "text": "Sebutkan dasarnya."}]
_A_SERVICE = {
    "name": "Kartu identitas", "name_en": "Identity card", "agency_kind": "dinas_dukcapil",
    "category_code": "kependudukan",
}  # fmt: skip
_TO_COLLEAGUE = form(role="publisher", agency="{agency}")

ASKS: dict[str, Ask] = {
    # The way in and one's own account.
    "desk.try_to_sign_in": form(email="{email}", password=PASSWORD),
    "desk.link": Ask(query="kunci={link}"),
    "desk.use_link": form(kunci="{link}", password=NEW_PASSWORD, repeated=NEW_PASSWORD),
    "desk.send_reset": form(email="{email}"),
    "desk.try_second_factor": form(code="{digits}"),
    "desk.keep_first_authenticator": form(code="{digits}"),
    "desk.keep_authenticator": form(code="{digits}"),
    "desk.try_to_confirm": form(password=PASSWORD),
    "desk.change_password": form(present=PASSWORD, password=NEW_PASSWORD, repeated=NEW_PASSWORD),
    "desk.issue_token": form(name="program", scope="write", days="30"),
    "desk.issue_token agency": form(name="program", scope="write", days="30", agency="{agency}"),
    # Standards.
    "desk.standards": _SEES_SECRET,
    "desk.queue": _SEES_SECRET,
    "desk.new_standard": Ask(shows='value="dukcapil"'),
    "desk.begin_standard": form(agency="{agency}", way="empty", title="Baru"),
    "desk.begin_standard draft": form(agency="uptd", way="copy", title="Baru", source="{THING}"),
    "desk.save_step": form(title="Judul baru", act="save", seen="{seen step}"),
    "desk.save_step revised": form(title="Judul baru", act="save", seen="{seen revised}"),
    "desk.discard": form(sure="1"),
    "desk.attach_decree": Ask(file=(PDF + b"\n", "SK baru.pdf")),
    "desk.set_offered": Ask(form={"offerings[0].location": "{mall}", "seen": "{seen places}"}),
    "desk.report_survey": Ask(
        form={
            "from_on": "2026-01-01",
            "until_on": "2026-06-30",
            "respondents": "9",
            **{f"element_means[{number}]": "3" for number in range(9)},
        }
    ),
    "desk.surveys": Ask(shows="Dinas Dukcapil"),
    "desk.report_performance": form(from_on="2026-01-01", until_on="2026-06-30", applications="9"),
    "desk.return_draft": form(remark__all="Lengkapi."),
    "desk.publish_draft": form(when="now"),
    "desk.withdraw": form(reason="Layanan dihapus"),
    # Spreadsheets.
    "desk.imports": _SEES_SECRET,
    "desk.import_template": Ask(query="agency={agency}"),
    "desk.hand_in": Ask(form={"agency": "{agency}"}, file=(OLDER_SHEET, "lama.csv")),
    "desk.say_columns": Ask(form={"column-0": "title", "column-1": "requirements"}),
    "desk.take_in": form(only_valid="1"),
    "desk.take_back": form(sure="1"),
    # Officers.
    "desk.officers": Ask(shows="colleague@example.go.id"),
    "desk.new_officer": Ask(shows="dukcapil"),
    "desk.invite": form(email="baru@example.go.id", name="Baru", role="operator", agency="{agency}"),
    "desk.invite nation": form(email="baru@example.go.id", name="Baru", role="national_admin"),
    "desk.give_role": _TO_COLLEAGUE,
    "desk.give_role peer-nation": form(role="curator"),
    # The words of the search.
    "desk.teach_query": form(words="kartu merah putih", service="{service}", act="save"),
    "desk.dismiss_query": form(words="kartu merah putih"),
    "desk.take_query_up": form(words="harga cabai"),
    "desk.put_synonym": form(term="ktp", replacement="kartu tanda", kind="abbreviation", act="save"),
    # The catalogue of services.
    "desk.add_service": Ask(form={**_A_SERVICE, "code": "KTP-BARU", "different": "1"}),
    "desk.set_service": Ask(form={**_A_SERVICE, "seen": "{seen service}"}),
    "desk.merger": Ask(query="into={other service}"),
    "desk.merge_services": form(into="{other service}"),
    "desk.retire_service": form(sure="1"),
    "desk.stray_standards": Ask(shows="Akta kelahiran"),
    "desk.link_strays": form(chosen="{live}", standard="{live}", service="{service}", other=""),
    "desk.set_abolished": form(abolished="Surat RT", seen="{seen abolished}"),
    "desk.save_outline_step": form(title="Kartu Keluarga baru", seen="{seen outline}"),
    "desk.service_changes": Ask(shows="Akta kematian"),
    "desk.take_service_changes": form(standard="{revised}"),
    "desk.answer_service_change": Ask(form={"number": "2", "way.requirements": "take"}),
    # Regulations, and what is to be looked at for them.
    "desk.add_regulation": form(type="PP", number="1", year="2024", title="Tarif"),
    "desk.set_regulation": form(type="UU", number="24", year="2013", title="Lain"),
    "desk.end_regulation": form(state="repealed", on="2024-01-02"),
    "desk.needs_review": Ask(shows="Akta kelahiran"),
    "desk.reviewed": form(mark="{mark}"),
    # Agencies, reports from citizens, and the trail.
    "desk.agencies": Ask(query="q=dukcapil", shows="Dinas Dukcapil"),
    "desk.set_agency_profile": form(name="Dinas Lain", seen="{seen agency}"),
    "desk.set_agency_address": form(slug="dukcapil-baru", seen="{seen agency}"),
    "desk.move_agency": form(kind="dinas_dukcapil", parent="dinkes", seen="{seen agency}"),
    "desk.add_agency": form(name="Unit baru", kind="uptd", parent="{agency}"),
    "desk.succeed": form(
        name="Dinas Baru", note="SK 1", on="2020-01-01", act="do", seen="{seen renaming}", slug=""
    ),
    "desk.settle_succession": form(act="now"),
    "desk.ranking": Ask(query="by=standard", shows="Akta kelahiran"),
    "desk.set_letters": form(wanted=""),
    "desk.reports": Ask(shows="Jam buka salah"),
    "desk.answer_report": form(answer="Sudah kami perbaiki.", outcome="corrected"),
    "desk.audit_csv": Ask(shows="{live}"),
    "desk.audit_jsonl": Ask(shows="{live}"),
    # Places.
    "desk.tended_places": Ask(shows="MPP Dukcapil"),
    "desk.add_place": form(kind="office", name="Kantor", agency="Dinas Dukcapil"),
    "desk.set_place_data": form(kind="mall", name="MPP Kota", seen="{seen place}"),
    "desk.set_place_facilities": form(facility="wifi", seen="{seen place}"),
    "desk.rename_place": form(slug="mpp-kota", seen="{seen place}"),
    "desk.give_place": form(agency="Dinas Kesehatan"),
    "desk.close_place": form(closed_on="2026-01-31", seen="{seen place}"),
    "desk.set_place_hours": Ask(
        form={"hours.1.0.opens_at": "08.00", "hours.1.0.closes_at": "12.00", "seen": "{seen place}"}
    ),
    "desk.set_place_closures": Ask(
        form={"closures[0].from_on": "2099-01-01", "closures[0].reason": "Libur", "seen": "{seen place}"}
    ),
    "desk.add_counter": form(name="Loket 2", status="listed"),
    "desk.set_counter": form(name="Loket 1", status="listed", seen="{seen counter}"),
    "desk.set_counter_hours": Ask(
        form={"hours.1.0.opens_at": "08.00", "hours.1.0.closes_at": "12.00", "seen": "{seen counter}"}
    ),
    # Systems that are told.
    "desk.webhooks_kept": Ask(shows="Portal"),
    "desk.webhook": Ask(shows="Portal"),
    "desk.add_webhook": form(name="Cermin", url="https://cermin.example/", about="all", agency="{agency}"),
    "api.add_webhook": json(name="Cermin", url="https://cermin.example/", agency="{agency}"),
    "api.list_webhooks": Ask(shows="Portal"),
    # Programs.
    "api.begin_standard": json(document=content("Baru")),
    "api.put_draft": Ask(json={"document": content("Judul baru")}, headers={"If-Match": "*"}),
    "api.put_draft live": Ask(json={"document": content("Judul baru")}, headers={"If-None-Match": "*"}),
    "api.submit_draft": json(),
    "api.return_draft": json(remarks=_REMARKS),
    "api.publish_draft": json(),
    "api.withdraw_standard": json(reason="Layanan dihapus"),
    "api.put_offerings": json(offerings=[{"location": "{mall}"}]),
    "api.report_survey": json(
        from_on="2026-01-01", until_on="2026-06-30", respondents=9, element_means=[3.0] * 9
    ),
    "api.report_performance": json(from_on="2026-01-01", until_on="2026-06-30", applications=9),
    "api.put_mall": json(phone="0401 123"),
    "api.add_place": json(kind="office", name="Kantor", agency="{agency}"),
    "api.rename_mall": json(slug="mpp-kota"),
    "api.add_counter": json(name="Loket 2"),
    "api.put_counter": json(floor="2"),
    "api.confirm_counters": json(),
    "api.confirm_counter": json(),
    "api.confirm_offering": json(),
    "api.hand_in_import": Ask(
        query="agency={agency}&dry_run=true", body=OLDER_SHEET, headers={"Content-Type": "text/csv"}
    ),
    "api.take_in_import": json(),
    "api.undo_import": json(),
    "api.add_alias": json(words="kartu merah putih", service="{service}"),
    "api.dismiss_query": json(words="kartu merah putih"),
    "api.compare_editions": Ask(query="from=2"),
    "api.find": Ask(query="q=akta"),
    "api.suggest": Ask(query="q=akt"),
    "api.compare_standards": Ask(query="service={service}"),
    "api.get_plan": Ask(query="services={service}"),
    "api.list_standards": _SEES_SECRET,
}
#: The thing a route acts on where nothing else is said: what a new row is proposed with.
USUAL_THINGS = {
    "standard_id": "draft", "batch_id": "preview", "import_id": "preview", "officer_id": "colleague",
    "slug": "agency", "code": "service", "location_id": "place", "counter_id": "place",
    "offering_id": "place", "agency_id": "agency", "report_id": "report",
    "webhook_id": "webhook",
}  # fmt: skip
