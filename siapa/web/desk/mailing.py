"""Mail to officers, where a mail server is named in the settings; without one nothing is ever sent.

Only links are sent, never a password. A letter goes out beside the request: how long a mail
server takes must not tell whether there is an account.
"""

from __future__ import annotations

import smtplib
import ssl
import threading
from email.message import EmailMessage

import structlog
from flask import Flask, current_app, render_template

from siapa.config import Config
from siapa.locales import gettext as _
from siapa.records import LinkPurpose

TIMEOUT_SECONDS = 15
logger = structlog.get_logger(__name__)


def is_on() -> bool:
    """Whether mail can be sent at all."""
    config: Config = current_app.config["SIAPA"]
    return bool(config.mail_host)


def send_soon(app: Flask, to: str, purpose: LinkPurpose, address: str) -> threading.Thread:
    """Send a link to ``to`` as ``send`` does, beside the request."""
    sending = threading.Thread(target=_send, args=_letter(app, to, purpose, address), daemon=True)
    sending.start()
    return sending


def send(app: Flask, to: str, purpose: LinkPurpose, address: str) -> None:
    """Send a link to ``to`` in the language spoken now.

    A letter that cannot be sent is told in the log, without its link.
    """
    _send(*_letter(app, to, purpose, address))


def _letter(app: Flask, to: str, purpose: LinkPurpose, address: str) -> tuple[Config, EmailMessage]:
    config: Config = app.config["SIAPA"]
    letter = EmailMessage()
    letter["From"], letter["To"] = config.mail_sender, to
    is_invitation = purpose is LinkPurpose.INVITATION
    letter["Subject"] = _("SIAPA: your invitation") if is_invitation else _("SIAPA: choose a new password")
    letter.set_content(render_template("mail/link.txt", is_invitation=is_invitation, address=address))
    return config, letter


def _send(config: Config, letter: EmailMessage) -> None:
    try:
        with _server(config) as server:
            if config.mail_username:
                server.login(config.mail_username, config.mail_password)
            server.send_message(letter)
    except (OSError, smtplib.SMTPException) as error:
        logger.error("a letter could not be sent", error=type(error).__name__)


def _server(config: Config) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if config.mail_security == "tls":
        return smtplib.SMTP_SSL(config.mail_host, config.mail_port, timeout=TIMEOUT_SECONDS, context=context)
    server = smtplib.SMTP(config.mail_host, config.mail_port, timeout=TIMEOUT_SECONDS)
    if config.mail_security == "starttls":
        server.starttls(context=context)
    return server
