"""Who acts, and on what, when a command is given: names as an operator types them."""

from __future__ import annotations

import uuid

import click
import sqlalchemy as sa

from siapa.errors import NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import Action, may
from siapa.records import Agency, Location, Officer, Service, Standard

#: The seed's own officers stand for no person (RFC 2606).
NOBODY = ".invalid"
NO_OFFICER = (
    "no officer may do this here yet: make one with 'siapa officer add', or say who acts with --by EMAIL"
)


def officer_named(email: str) -> Officer:
    """The officer with this address; ``NotFound`` otherwise."""
    found = db.session.scalar(sa.select(Officer).where(Officer.email == email.strip().lower()))
    if found is None:
        raise NotFound(_l("No officer has the address %(email)s.", email=email))
    return found


def acting(email: str | None, action: Action, subject: object) -> Officer:
    """The officer who acts: the one named, or the only one who may.

    Raises ``click.UsageError`` when nobody or several may and none was named.
    """
    if email is not None:
        return officer_named(email)
    active = db.session.scalars(sa.select(Officer).where(Officer.is_active))
    able = [one for one in active if may(one, action, subject) and not one.email.endswith(NOBODY)]
    if not able:
        raise click.UsageError(NO_OFFICER)
    if len(able) > 1:
        names = ", ".join(sorted(one.email for one in able))
        raise click.UsageError(f"several officers may do this here ({names}): say who acts with --by EMAIL")
    return able[0]


def agency_named(slug: str) -> Agency:
    """The agency with this slug; ``NotFound`` otherwise."""
    found = db.session.scalar(sa.select(Agency).where(Agency.slug == slug))
    if found is None:
        raise NotFound(_l("No agency has the address %(slug)s.", slug=slug))
    return found


def location_named(slug: str) -> Location:
    """The place with this slug; ``NotFound`` otherwise."""
    found = db.session.scalar(sa.select(Location).where(Location.slug == slug))
    if found is None:
        raise NotFound(_l("No place has the address %(slug)s.", slug=slug))
    return found


def service_coded(code: str) -> Service:
    """The national service with this code; ``NotFound`` otherwise."""
    found = db.session.scalar(sa.select(Service).where(Service.code == code.upper()))
    if found is None:
        raise NotFound(_l("No service has the code %(code)s.", code=code))
    return found


def standard_named(name: str) -> Standard:
    """The standard called ``agency-slug/standard-slug``, or by its id; ``NotFound`` otherwise."""
    query = sa.select(Standard).join(Agency, Agency.id == Standard.agency_id)
    if "/" in name:
        agency, slug = name.strip("/").split("/")[-2:]
        query = query.where(Agency.slug == agency, Standard.slug == slug)
    else:
        try:
            query = query.where(Standard.id == uuid.UUID(name))
        except ValueError:
            raise click.UsageError("name a standard as agency-slug/standard-slug, or by its id") from None
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(_l("There is no standard %(name)s.", name=name))
    return found
