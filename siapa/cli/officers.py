"""``siapa officer`` and ``siapa token``: people, what they may do where, and their programs."""

from __future__ import annotations

import uuid
from datetime import timedelta

import click
import sqlalchemy as sa
from flask import current_app

from siapa.cli.acting import agency_named, location_named, officer_named
from siapa.cli.reached import public_address
from siapa.cli.running import running
from siapa.extensions import db
from siapa.publishing import Standin, credentials, people, second_factors
from siapa.records import Agency, LinkPurpose, Location, Membership, Officer, Role, now

role_option = click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
agency_option = click.option("--agency", metavar="SLUG", help="For operator, publisher, agency_admin.")
mall_option = click.option("--mall", metavar="SLUG", help="For mall_manager.")


@click.group()
def officer() -> None:
    """Officers: who acts for an agency. Whoever has this machine makes the first ones."""


@officer.command("list")
def list_() -> None:
    """List officers with their roles."""
    with running():
        query = (
            sa.select(Officer.email, Officer.is_active, Membership.role, Agency.slug, Location.slug)
            .outerjoin(Membership, Membership.officer_id == Officer.id)
            .outerjoin(Agency, Agency.id == Membership.agency_id)
            .outerjoin(Location, Location.id == Membership.location_id)
            .order_by(Officer.email, Membership.role)
        )
        for email, is_active, role, agency, mall in db.session.execute(query):
            click.echo(
                f"{email}\t{'active' if is_active else 'disabled'}\t{role or '-'}\t{agency or mall or '-'}"
            )


@officer.command()
@click.argument("email")
@click.option("--name", required=True)
@role_option
@agency_option
@mall_option
def add(email: str, name: str, role: str, agency: str | None, mall: str | None) -> None:
    """Make EMAIL known as an officer, with a first role."""
    with running():
        agency_id, location_id = scope(agency, mall)
        made = people.add_officer(
            email, name, Role(role), by=Standin.OPERATOR, agency_id=agency_id, location_id=location_id
        )
        click.echo(f"{made.email} is {role}")
        _invite(made)


@officer.command()
@click.argument("email")
@click.option("--reset", is_flag=True, help="A link for a new password, which holds for an hour.")
@click.option("--without-second-factor", is_flag=True, help="The phone and every code are lost.")
def invite(email: str, reset: bool, without_second_factor: bool) -> None:
    """Make a link with which EMAIL chooses a password; it is shown this once."""
    with running():
        person = officer_named(email)
        if without_second_factor:
            second_factors.remove(person.id, by=Standin.OPERATOR)
        _invite(person, LinkPurpose.RESET if reset else LinkPurpose.INVITATION)


def _invite(person: Officer, purpose: LinkPurpose = LinkPurpose.INVITATION) -> None:
    """Print a new link of ``person`` and how long it holds; earlier ones end."""
    secret = credentials.send_link(person.id, purpose, by=Standin.OPERATOR)
    click.echo(f"link   {public_address(current_app.config['SIAPA'])}/meja/tautan?kunci={secret}")
    hours = credentials.LINK_HOLDS[purpose] // timedelta(hours=1)
    click.echo(f"holds  {hours // 24} days, works once" if hours > 24 else f"holds  {hours} hour, works once")


@officer.command("role")
@click.argument("email")
@role_option
@agency_option
@mall_option
def role_(email: str, role: str, agency: str | None, mall: str | None) -> None:
    """Give EMAIL a further role."""
    with running():
        agency_id, location_id = scope(agency, mall)
        person = officer_named(email)
        people.grant(person.id, Role(role), by=Standin.OPERATOR, agency_id=agency_id, location_id=location_id)
        click.echo(f"{person.email} is {role}")


@officer.command()
@click.argument("email")
def disable(email: str) -> None:
    """End every right of EMAIL; what the officer did stays on record."""
    with running():
        people.disable_officer(officer_named(email).id, by=Standin.OPERATOR)
        click.echo(f"{email} is disabled")


@officer.command()
@click.argument("email")
def enable(email: str) -> None:
    """Give EMAIL back the rights it had."""
    with running():
        people.enable_officer(officer_named(email).id, by=Standin.OPERATOR)
        click.echo(f"{email} is active")


@officer.command("end-role")
@click.argument("email")
@role_option
@agency_option
@mall_option
def end_role(email: str, role: str, agency: str | None, mall: str | None) -> None:
    """Take one role from EMAIL."""
    with running():
        agency_id, location_id = scope(agency, mall)
        held = next(
            (
                one
                for one in officer_named(email).memberships
                if (one.role, one.agency_id, one.location_id) == (Role(role), agency_id, location_id)
            ),
            None,
        )
        if held is None:
            raise click.UsageError(f"{email} does not have this role there")
        people.revoke(held.id, by=Standin.OPERATOR)
        click.echo(f"{email} is no longer {role}")


@click.group()
def token() -> None:
    """Tokens of programs that act for an officer."""


@token.command()
@click.argument("email")
@click.option("--name", required=True, help="What it is for.")
@click.option("--scope", "kind", type=click.Choice(people.SCOPES), default="read", show_default=True)
@click.option("--agency", metavar="SLUG", help="Only for this agency and below.")
@click.option("--days", type=click.IntRange(1, 3650), help="How long it holds.")
def issue(email: str, name: str, kind: str, agency: str | None, days: int | None) -> None:
    """Issue a token for EMAIL; the secret is shown this once."""
    with running():
        issued = people.issue_token(
            name,
            by=Standin.OPERATOR,
            scope=kind,
            agency_id=agency_named(agency).id if agency else None,
            officer_id=officer_named(email).id,
            expires_at=now() + timedelta(days=days) if days else None,
        )
        click.echo(f"id      {issued.token.id}")
        click.echo(f"secret  {issued.secret}")


@token.command()
@click.argument("token_id", type=click.UUID)
def revoke(token_id: uuid.UUID) -> None:
    """End the token with this id."""
    with running():
        people.revoke_token(token_id, by=Standin.OPERATOR)
        click.echo(f"{token_id} is revoked")


def scope(agency: str | None, mall: str | None) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    """The ids a role holds for: an agency, a place, or neither."""
    return (agency_named(agency).id if agency else None, location_named(mall).id if mall else None)
