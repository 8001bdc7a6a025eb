"""The words on the pages for codes of the registry: kinds of agencies, states, confidence, days."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from siapa.document.labels import part_name as document_part_name
from siapa.locales import Words
from siapa.locales import lazy as _l

AGENCY_KIND_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "ministry": _l("Ministry"),
        "directorate_general": _l("Directorate general"),
        "national_agency": _l("National agency"),
        "state_enterprise": _l("State enterprise"),
        "provincial_government": _l("Provincial government"),
        "regency_government": _l("Regency government"),
        "city_government": _l("City government"),
        "dinas_dukcapil": _l("Civil registry office"),
        "dinas_kesehatan": _l("Health office"),
        "dinas_koperasi": _l("Cooperatives and small business office"),
        "dinas_lh": _l("Environment office"),
        "dinas_perindustrian": _l("Industry office"),
        "dinas_pertanian": _l("Agriculture office"),
        "dinas_pupr": _l("Public works office"),
        "dinas_sosial": _l("Social affairs office"),
        "dinas_tenaga_kerja": _l("Manpower office"),
        "dinas_pendidikan": _l("Education office"),
        "dinas_perhubungan": _l("Transport office"),
        "dpmptsp": _l("Investment and one-stop licensing office"),
        "dpmptsp_kesbangpol": _l("One-stop licensing office, or national unity and politics office"),
        "bapenda": _l("Local revenue office"),
        "bapenda_provinsi": _l("Provincial revenue office"),
        "bnn": _l("Narcotics agency"),
        "bp3mi": _l("Migrant worker protection agency"),
        "bpbd": _l("Disaster management agency"),
        "bpjph": _l("Halal certification agency"),
        "bpjs_kesehatan": _l("Health insurance (BPJS Kesehatan)"),
        "bpjs_ketenagakerjaan": _l("Workers' insurance (BPJS Ketenagakerjaan)"),
        "bpom": _l("Food and drug authority"),
        "loka_pom": _l("Food and drug authority office"),
        "kantor_haji": _l("Hajj office"),
        "kantor_imigrasi": _l("Immigration office"),
        "kantor_pertanahan": _l("Land office"),
        "kanwil_kemenkum": _l("Regional office of the Ministry of Law"),
        "kejaksaan_negeri": _l("Public prosecutor's office"),
        "konsil_kesehatan": _l("Health council"),
        "kpp_pratama": _l("Tax office"),
        "kua": _l("Religious affairs office (KUA)"),
        "kemenag": _l("Religious affairs office"),
        "kesbangpol": _l("National unity and politics office"),
        "ombudsman": _l("Ombudsman"),
        "pdam": _l("Water company"),
        "pegadaian": _l("Pawnshop"),
        "pengadilan_negeri": _l("District court"),
        "pengadilan_agama": _l("Religious court"),
        "pengaduan": _l("Complaints service"),
        "pln": _l("Electricity company"),
        "polres": _l("Police"),
        "polres_intelkam": _l("Police, intelligence and security unit"),
        "polres_satpas": _l("Police, driving licence unit"),
        "polres_spkt": _l("Police, front desk"),
        "pos": _l("Post office"),
        "samsat": _l("Vehicle registration office (Samsat)"),
        "taspen": _l("Pension fund (Taspen)"),
        "bank": _l("Bank"),
        "unclear": _l("Other body"),
    }
)
CONFIDENCE_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "sourced": _l("Sourced"),
        "implied": _l("Implied by a source"),
        "general": _l("Not verified"),
    }
)
COUNTER_STATUS_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "confirmed": _l("Confirmed"),
        "listed": _l("Named in a source"),
        "agreement_only": _l("Agreement signed, counter not confirmed"),
        "closed": _l("Closed"),
    }
)
REGION_LEVEL_NAMES: Mapping[str, Words] = MappingProxyType(
    {"province": _l("Province"), "regency": _l("Regency"), "city": _l("City")}
)
STATE_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "published": _l("In force"),
        "superseded": _l("Replaced"),
        "withdrawn": _l("Withdrawn"),
    }
)
ROLE_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "operator": _l("Operator: writes standards"),
        "publisher": _l("Publisher: reviews and publishes"),
        "agency_admin": _l("Admin of the agency: officers and tokens"),
        "mall_manager": _l("Manager of the mall"),
        "curator": _l("Curator of the service catalogue"),
        "national_admin": _l("National admin"),
    }
)
#: What of a place can be reported as wrong.
PLACE_PART_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "hours": _l("Opening hours"),
        "address": _l("Address and position"),
        "counters": _l("Counters"),
        "services": _l("Services"),
        "contact": _l("Contact"),
    }
)
#: Grades of a survey (PermenPANRB 14/2017).
GRADE_NAMES: Mapping[str, Words] = MappingProxyType(
    {"A": _l("Very good"), "B": _l("Good"), "C": _l("Less than good"), "D": _l("Not good")}
)
#: How far a citizen's report is.
REPORT_STATE_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "open": _l("Waiting for an answer"),
        "answered": _l("Answered"),
        "corrected": _l("Corrected"),
        "declined": _l("Not changed"),
    }
)
#: ISO 8601 weekdays.
WEEKDAY_NAMES: Mapping[int, Words] = MappingProxyType(
    {
        1: _l("Monday"),
        2: _l("Tuesday"),
        3: _l("Wednesday"),
        4: _l("Thursday"),
        5: _l("Friday"),
        6: _l("Saturday"),
        7: _l("Sunday"),
    }
)
FACET_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "region": _l("Region"),
        "mall": _l("Public service mall"),
        "category": _l("Subject"),
        "agency": _l("Agency"),
        "fee": _l("Fee"),
        "channel": _l("How"),
        "time": _l("Time"),
    }
)
SORT_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "relevance": _l("Best match"),
        "distance": _l("Nearest"),
        "fee": _l("Lowest fee"),
        "time": _l("Shortest time"),
        "name": _l("Name"),
    }
)
#: What a visitor asks, by the name it has in an address.
PARAMETER_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "q": _l("Words searched for"),
        "region": _l("Region"),
        "mall": _l("Public service mall"),
        "agency": _l("Agency"),
        "category": _l("Subject"),
        "life_event": _l("Life event"),
        "free": _l("Fee"),
        "online": _l("How"),
        "max_days": _l("Time"),
        "open_now": _l("Opening hours"),
        "near": _l("Your place"),
        "group": _l("Grouping"),
        "sort": _l("Sort by"),
        "page": _l("Page"),
        "exact": _l("Words exactly as typed"),
        "kind": _l("Kind"),
        "initial": _l("First letter"),
    }
)
SUGGESTION_KIND_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "service": _l("Service"),
        "standard": _l("Service standard"),
        "agency": _l("Agency"),
        "mall": _l("Public service mall"),
        "region": _l("Region"),
        "place": _l("Region"),
        "category": _l("Subject"),
        "life_event": _l("Life event"),
    }
)
#: How the three time zones are said.
ZONE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "Asia/Jakarta": "WIB",
        "Asia/Pontianak": "WIB",
        "Asia/Makassar": "WITA",
        "Asia/Jayapura": "WIT",
    }
)


def agency_kind_name(kind: str) -> str:
    """The name of a kind of agency; a kind without one is said as its code, made readable."""
    known = AGENCY_KIND_NAMES.get(kind)
    return str(known) if known is not None else kind.replace("_", " ").capitalize()


def part_name(code: str) -> str:
    """The name of a component or head field of a document, or of a part of a place."""
    return str(PLACE_PART_NAMES.get(code) or document_part_name(code))
