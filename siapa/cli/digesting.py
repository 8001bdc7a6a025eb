"""``siapa digest``: tell each officer by mail what waits for them; for a timer that runs once a day."""

from __future__ import annotations

import sys
from datetime import date
from zoneinfo import ZoneInfo

import click
from flask import render_template

from siapa.cli.running import running
from siapa.config import Config
from siapa.locales import LOCALES, Words, using
from siapa.locales import lazy as _l
from siapa.publishing import reminding
from siapa.publishing.posting import letter_to, post
from siapa.publishing.waiting import waiting_for
from siapa.records import HOME_ZONE, Officer, now

#: What waits, in words.
LINES: dict[str, Words] = {
    "to_review": _l("to review"),
    "returned": _l("returned for correction"),
    "drafts": _l("drafts not handed in"),
    "due": _l("Due for review"),
    "incomplete": _l("In force, but incomplete"),
    "reports": _l("reports from citizens"),
    "counters": _l("counters to confirm"),
}


@click.command()
def digest() -> None:
    """Mail each officer what waits for them, at most once a day; only where mail is configured."""
    with running() as app:
        config: Config = app.config["SIAPA"]
        if not config.mail_host:
            raise click.UsageError("no mail is sent here: name a server with SIAPA_MAIL_HOST")
        today = now().astimezone(ZoneInfo(HOME_ZONE)).date()
        sent = failed = 0
        for officer in reminding.officers_due(today):
            text = _text(config, officer, today)
            if not text or not reminding.take_turn(officer, today):
                continue
            if post(config, letter_to(config, officer.email, "SIAPA", text)):
                sent += 1
            else:
                reminding.give_back(officer)
                failed += 1
        click.echo(f"{sent} letters sent, {failed} could not be sent")
    if failed:
        sys.exit(1)


def _text(config: Config, officer: Officer, today: date) -> str:
    """The letter in both languages; "" where nothing waits."""
    numbers = reminding.numbers_of(waiting_for(officer, today=today))
    if not numbers:
        return ""
    parts = []
    for locale in LOCALES:
        with using(locale):
            address = f"{config.public_url}{'/en' if locale == 'en' else ''}/meja"
            parts.append(
                render_template(
                    "mail/digest.txt", name=officer.name, address=address,
                    lines=[(LINES[name], number) for name, number in numbers.items()],
                )
            )  # fmt: skip
    return "\n-- \n\n".join(parts)
