"""Who asks with a token: an officer, through ``Authorization: Bearer``; never by cookie or address.

A request from a page of another site therefore carries no right of its own.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from flask import request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import HTTPException, Unauthorized

from siapa.errors import NotAllowed, SiapaError
from siapa.locales import gettext as _
from siapa.publishing import Action, people
from siapa.publishing.permissions import Narrowed, require
from siapa.records import Officer
from siapa.web.hooks import refusal

#: So much of an address tells from where somebody came, and not who it was.
KEPT_OF_IPV4, KEPT_OF_IPV6 = 24, 48


@dataclass(frozen=True)
class Caller:
    """Who asks, and with which token."""

    by: Officer | Narrowed
    token_id: uuid.UUID


def caller(action: Action | None, *, writes: bool) -> Caller:
    """The officer who asks, and may do ``action`` to what belongs to the whole registry if one is given.

    Answers 401 without a token that holds; raises ``NotAllowed`` for an officer who may not,
    and for a token that may only read where something is to be written.
    """
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        raise _unknown(
            _("Send a token: Authorization: Bearer, and the secret that was shown when it was made.")
        )
    try:
        token = people.token_of(given.token)
    except NotAllowed as error:
        raise _unknown(str(error)) from None
    by = people.actor_by_token(given.token, scope="write" if writes else "read")
    if action is not None:
        require(by, action, None)
    token_id = token.id
    with suppress(SiapaError):  # a database that cannot write now may still be read
        people.note_use(token_id)
    return Caller(by, token_id)


def origin() -> str | None:
    """From where the request came, as the audit keeps it: the network, not the address."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return None
    kept = KEPT_OF_IPV4 if address.version == 4 else KEPT_OF_IPV6
    return str(ip_network(f"{address}/{kept}", strict=False))


def _unknown(sentence: str) -> HTTPException:
    error = refusal(Unauthorized, sentence)
    assert isinstance(error, Unauthorized)
    error.www_authenticate = (WWWAuthenticate("bearer", {"realm": "siapa"}),)
    return error
