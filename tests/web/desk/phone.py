"""The officer's phone: reads the secret from the page as an app would, and shows six digits."""

from __future__ import annotations

import re
import time

from flask.testing import FlaskClient
from passlib.totp import TOTP

from tests.web.desk.visiting import send

_SECRET = re.compile(r'<code class="secret">([A-Z2-7 -]+)</code>')
_CODE = re.compile(r"<code>([0-9a-f-]{19})</code>")


class Phone:
    """An authenticator app that has taken up the secret on a page."""

    def __init__(self, page: str) -> None:
        found = _SECRET.search(page)
        assert found is not None, "no secret on this page"
        self._app = TOTP(key=re.sub("[ -]", "", found[1]))

    def digits(self, steps_ahead: int = 0) -> str:
        """The digits shown now, or some half minutes from now."""
        return str(self._app.generate(int(time.time()) + 30 * steps_ahead).token)


def set_up_phone(visitor: FlaskClient) -> tuple[Phone, list[str]]:
    """Set up the first authenticator of whoever has given the password: the phone and the recovery codes."""
    phone = Phone(visitor.get("/meja/pengaman-pertama").text)
    kept = send(visitor, "/meja/pengaman-pertama", code=phone.digits())
    assert kept.status_code == 200
    return phone, _CODE.findall(kept.text)
