"""What the public may read. Never writes.

Everything here starts from ``live`` and answers with the frozen values of ``views``.
"""

from siapa.catalogue.agencies import agencies, agency
from siapa.catalogue.cards import cards, kept_cards
from siapa.catalogue.comparing import MOST_COMPARED, Comparison, comparison, spread
from siapa.catalogue.history import as_of, compared, decree_file, edition, editions
from siapa.catalogue.log import ChangeView, LastChange, changes, last_change, last_number
from siapa.catalogue.malls import locations, mall, mall_offerings, malls, malls_by_province
from siapa.catalogue.page import LAST_PAGE, MOST_PER_PAGE, PER_PAGE, Page
from siapa.catalogue.plans import MOST_SERVICES, Plan, plan
from siapa.catalogue.regions import centre_of, provinces, region, region_named, regions
from siapa.catalogue.results import (
    PerformanceView,
    SatisfactionView,
    performance_of_agency,
    performance_of_standard,
    performances,
    satisfaction_of,
    surveys,
)
from siapa.catalogue.services import (
    categories,
    kept_service_cards,
    life_events,
    load,
    popular_services,
    service,
    service_by_slug,
    service_cards,
    services,
    weakest_confidences,
)
from siapa.catalogue.standards import id_at, standard, standard_by_slug, standards
from siapa.catalogue.telling import ReportView, Told, report_by_code, told_of_place, told_of_standard

__all__ = [
    "LAST_PAGE", "MOST_COMPARED", "MOST_PER_PAGE", "MOST_SERVICES", "PER_PAGE", "ChangeView", "Comparison",
    "LastChange", "Page", "PerformanceView", "Plan", "ReportView", "SatisfactionView", "Told", "agencies",
    "agency", "as_of", "cards", "categories", "centre_of", "changes", "compared", "comparison",
    "decree_file", "edition", "editions", "id_at", "kept_cards", "kept_service_cards", "last_change",
    "last_number", "life_events", "load", "locations", "mall", "mall_offerings", "malls",
    "malls_by_province", "performance_of_agency", "performance_of_standard", "performances", "plan",
    "popular_services", "provinces", "region", "region_named", "regions", "report_by_code",
    "satisfaction_of", "service", "service_by_slug", "service_cards", "services", "spread", "standard",
    "standard_by_slug", "standards", "surveys", "told_of_place", "told_of_standard", "weakest_confidences",
]  # fmt: skip
