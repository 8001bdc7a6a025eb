"""Figures of the whole registry, for programs: the numbers of the page ``/statistik``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response

from siapa import figures
from siapa.catalogue import Page
from siapa.figures import SORTS, Figures, Movements, OfProvince, OfService, Standing
from siapa.web import caching
from siapa.web.api.answering import answered
from siapa.web.api.asking import Asked, AskedList, Choice, this_address
from siapa.web.api.openapi import one_of, reads

TAG = "statistics"


@dataclass(frozen=True, slots=True)
class Statistics:
    """All standards in force, and as of when."""

    as_of: Standing
    figures: Figures


@dataclass(frozen=True, slots=True)
class ProvinceStatistics:
    """One province, and as of when."""

    as_of: Standing
    result: OfProvince


@dataclass(frozen=True, slots=True)
class ServiceStatistics:
    """One national service, and as of when."""

    as_of: Standing
    result: OfService


@dataclass(frozen=True, slots=True)
class StatisticsOfProvinces:
    """Every province, and as of when."""

    as_of: Standing
    results: tuple[OfProvince, ...]


@dataclass(frozen=True, slots=True)
class StatisticsOfServices:
    """A page of the services, and as of when."""

    as_of: Standing
    total: int
    page: int
    per_page: int
    pages: int
    next: str | None
    results: tuple[OfService, ...]


@dataclass(frozen=True, slots=True)
class StatisticsInTime:
    """What began and ended, and as of when."""

    as_of: Standing
    movements: Movements


class AskedServiceStatistics(AskedList):
    """The order of the services."""

    sort = Choice(tuple(SORTS), "The order; without a value last.", load_default="-standards")


@reads("/statistics", Asked, one_of(Statistics), tag=TAG)
def get_statistics(asked: dict[str, Any]) -> Response:
    """All standards in force: how complete, overdue, free and online they are; median fee and time."""
    return _told(Statistics(figures.standing(), figures.national()))


@reads("/statistics/provinces", Asked, one_of(StatisticsOfProvinces), tag=TAG)
def list_province_statistics(asked: dict[str, Any]) -> Response:
    """The same for each province; a standard counts in every province where it is had."""
    return _told(StatisticsOfProvinces(figures.standing(), figures.of_provinces()))


@reads("/statistics/provinces/<code>", Asked, one_of(ProvinceStatistics), tag=TAG, may_be_absent=True)
def get_province_statistics(asked: dict[str, Any], code: str) -> Response:
    """The same for one province."""
    return _told(ProvinceStatistics(figures.standing(), figures.of_province(code)))


@reads("/statistics/services", AskedServiceStatistics, one_of(StatisticsOfServices), tag=TAG)
def list_service_statistics(asked: dict[str, Any]) -> Response:
    """The same for each national service."""
    as_of = figures.standing()
    found: Page[OfService] = figures.of_services(
        sort=asked["sort"], page=asked["page"], per_page=asked["per_page"]
    )
    following = this_address(found.next) if found.next else None
    return _told(
        StatisticsOfServices(
            as_of, found.total, found.page, found.per_page, found.pages, following, found.results
        )
    )


@reads("/statistics/services/<code>", Asked, one_of(ServiceStatistics), tag=TAG, may_be_absent=True)
def get_service_statistics(asked: dict[str, Any], code: str) -> Response:
    """The same for one national service."""
    return _told(ServiceStatistics(figures.standing(), figures.of_service(code)))


@reads("/statistics/time", Asked, one_of(StatisticsInTime), tag=TAG)
def get_statistics_in_time(asked: dict[str, Any]) -> Response:
    """Malls opened and closed by year, standards in force by month."""
    return _told(StatisticsInTime(figures.standing(), figures.through_time()))


def _told(value: Any) -> Response:
    """``value``, right for a minute: figures are made anew without a line in the log."""
    caching.shows(())
    caching.for_a_minute()
    return answered(value)
