"""JSON fetched from an address that an operator named: bounded in size and time, and following nothing."""

from __future__ import annotations

import json
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from siapa.errors import Problem, Rejected
from siapa.locales import Words
from siapa.locales import lazy as _l

SECONDS = 30
LARGEST_ANSWER = 20_000_000


class _Stays(HTTPRedirectHandler):
    """Follows nothing: what is fetched is what was named."""

    def redirect_request(self, *_asked: Any) -> None:
        """Refuse every redirect."""
        return


def fetched(address: str) -> Any:
    """The JSON at ``address``; ``Rejected`` names the address and what is wrong with its answer."""
    asked = Request(address, headers={"Accept": "application/json", "User-Agent": "siapa-import"})
    try:
        with build_opener(_Stays).open(asked, timeout=SECONDS) as answer:
            content = answer.read(LARGEST_ANSWER + 1)
    except HTTPError as error:
        raise _refused(_l("The server answers %(status)s.", status=error.code), address) from None
    except (URLError, HTTPException, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise _refused(_l("It cannot be reached: %(reason)s.", reason=reason), address) from None
    if len(content) > LARGEST_ANSWER:
        raise _refused(_l("The answer is too large."), address)
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise _refused(_l("The answer is no JSON."), address) from None


def _refused(message: Words, address: str) -> Rejected:
    return Rejected([Problem(address, message)])
