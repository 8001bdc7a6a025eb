"""Who has tried too often gets the same form again, with what they typed, and how long to wait.

Above all the form that waits to be sent once one has signed in: it must outlive some wrong
passwords. Passwords and digits themselves are typed anew.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from flask import Response, request
from werkzeug.exceptions import TooManyRequests

from siapa.errors import NotAllowed, Problem
from siapa.locales import ngettext
from siapa.web.desk.account import account_page
from siapa.web.desk.addresses import path_back
from siapa.web.desk.blueprint import desk
from siapa.web.desk.links import SECRET, forgotten_page, link_page
from siapa.web.desk.second_factor import second_factor_page, setting_up
from siapa.web.desk.signing_in import confirm_page, sign_in_page
from siapa.web.errors import answer

#: The page of each form whose attempts are counted, with a sentence on it.
PAGES: dict[str, Callable[[str], str]] = {
    "try_to_sign_in": lambda said: sign_in_page(_back(), email=_typed("email"), refused=said),
    "sign_in_with_passkey": lambda said: sign_in_page(_back(), refused=said),
    "try_second_factor": lambda said: second_factor_page(_back(), said),
    "second_factor_by_passkey": lambda said: second_factor_page(_back(), said),
    "try_to_confirm": lambda said: confirm_page(_back(), said),
    "confirm_by_passkey": lambda said: confirm_page(_back(), said),
    "keep_first_authenticator": lambda said: setting_up("keep_first_authenticator", said),
    "keep_authenticator": lambda said: setting_up("keep_authenticator", said),
    "change_password": lambda said: account_page([Problem("present", said)]),
    "use_link": lambda said: link_page(request.form.get(SECRET, ""), [Problem("password", said)]),
    "send_reset": lambda said: forgotten_page(email=_typed("email"), refused=said),
}


@desk.errorhandler(TooManyRequests)
def too_often(error: TooManyRequests) -> Response:
    """The page of the form again; the plain answer where nothing was typed, or the link does not hold."""
    wait = error.retry_after if isinstance(error.retry_after, int) else 60
    said = ngettext(
        "Too many attempts. Wait %(num)s minute, then try once more.",
        "Too many attempts. Wait %(num)s minutes, then try once more.",
        ceil(wait / 60),
    )
    page = PAGES.get((request.endpoint or "").partition(".")[2])
    try:
        response = answer(429, said) if page is None else Response(page(said), status=429)
    except NotAllowed:
        response = answer(429, said)
    response.headers["Retry-After"] = str(wait)
    return response


def _back() -> str | None:
    return path_back(request.form.get("next"))


def _typed(name: str) -> str:
    return request.form.get(name, "").strip()[:200]
