"""Sending letters through the mail server of the settings; without one nothing is ever sent."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage

import structlog

from siapa.config import Config

TIMEOUT_SECONDS = 15
logger = structlog.get_logger(__name__)


def letter_to(config: Config, to: str, subject: str, text: str) -> EmailMessage:
    """A letter in plain text from the registry."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = config.mail_sender, to, subject
    letter.set_content(text)
    return letter


def post(config: Config, letter: EmailMessage) -> bool:
    """Whether ``letter`` could be handed to the server; if not, the log tells it, without what it says."""
    try:
        with _server(config) as server:
            if config.mail_username:
                server.login(config.mail_username, config.mail_password)
            server.send_message(letter)
    except (OSError, smtplib.SMTPException) as error:
        logger.error("a letter could not be sent", error=type(error).__name__)
        return False
    return True


def _server(config: Config) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if config.mail_security == "tls":
        return smtplib.SMTP_SSL(config.mail_host, config.mail_port, timeout=TIMEOUT_SECONDS, context=context)
    server = smtplib.SMTP(config.mail_host, config.mail_port, timeout=TIMEOUT_SECONDS)
    if config.mail_security == "starttls":
        server.starttls(context=context)
    return server
