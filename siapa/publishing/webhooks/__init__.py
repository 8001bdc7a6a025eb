"""Telling other systems of what becomes public: signed, sent until it arrives, never to the inside.

``registering`` holds the commands, ``sending`` follows the log, ``signing`` makes secrets and
signatures (Standard Webhooks), ``reaching`` speaks to the outside and to nothing else.
"""

from siapa.publishing.webhooks import registering
from siapa.publishing.webhooks.registering import (
    Registered,
    add_webhook,
    enable_webhook,
    end_webhook,
    renew_secret,
    send_again,
)
from siapa.publishing.webhooks.sending import Sent, deliver_due
from siapa.publishing.webhooks.standing import Stood, deliveries_of, standing_of, webhooks_within_reach

__all__ = [
    "Registered", "Sent", "Stood", "add_webhook", "deliver_due", "deliveries_of", "enable_webhook",
    "end_webhook", "registering", "renew_secret", "send_again", "standing_of", "webhooks_within_reach",
]  # fmt: skip
