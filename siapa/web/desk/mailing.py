"""Mail to officers, where a mail server is named in the settings; without one nothing is ever sent.

Only links are sent, never a password. A letter goes out beside the request: how long a mail
server takes must not tell whether there is an account.
"""

from __future__ import annotations

import threading
from email.message import EmailMessage

from flask import Flask, current_app, render_template

from siapa.config import Config
from siapa.locales import gettext as _
from siapa.publishing.posting import letter_to, post
from siapa.records import LinkPurpose


def is_on() -> bool:
    """Whether mail can be sent at all."""
    config: Config = current_app.config["SIAPA"]
    return bool(config.mail_host)


def send_soon(app: Flask, to: str, purpose: LinkPurpose, address: str) -> threading.Thread:
    """Send a link to ``to`` as ``send`` does, beside the request."""
    sending = threading.Thread(target=post, args=_letter(app, to, purpose, address), daemon=True)
    sending.start()
    return sending


def send(app: Flask, to: str, purpose: LinkPurpose, address: str) -> None:
    """Send a link to ``to`` in the language spoken now.

    A letter that cannot be sent is told in the log, without its link.
    """
    post(*_letter(app, to, purpose, address))


def _letter(app: Flask, to: str, purpose: LinkPurpose, address: str) -> tuple[Config, EmailMessage]:
    config: Config = app.config["SIAPA"]
    is_invitation = purpose is LinkPurpose.INVITATION
    subject = _("SIAPA: your invitation") if is_invitation else _("SIAPA: choose a new password")
    text = render_template("mail/link.txt", is_invitation=is_invitation, address=address)
    return config, letter_to(config, to, subject, text)
