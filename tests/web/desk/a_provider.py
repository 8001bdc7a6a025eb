"""A provider of OpenID Connect on loopback, with keys of its own, that can be told to answer wrongly."""

from __future__ import annotations

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tests.browser.conftest import _Quiet

CLIENT_ID, CLIENT_SECRET = "siapa", "a secret of client and provider"
Claims = dict[str, Any]


class AProvider:
    """Signs in whoever ``person`` says, at once; a test changes what it says and how it signs."""

    def __init__(self) -> None:
        self.issuer = ""
        self._first_key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})
        self.start_over()

    def start_over(self) -> None:
        """Be honest, with the first key, and forget what was."""
        self.person: Claims = {"sub": "248289761001", "email": "author@example.go.id", "email_verified": True}
        self.twist: Callable[[Claims], Claims] = lambda claims: claims
        self.key = self._first_key
        self.shown: list[Any] = [self.key]
        self.sign: Callable[[Claims], str] = self.signed
        #: What was asked at the beginning of each sign-in, by its code.
        self.asked: dict[str, dict[str, str]] = {}
        #: How often it was asked for its keys.
        self.keys_read = 0

    def signed(self, claims: Claims, key: Any = None, method: str = "RS256") -> str:
        """An ID token, signed with the provider's own key or another."""
        key = key or self.key
        return jwt.encode({"alg": method, "kid": "1"}, claims, key, algorithms=[method])

    def unsigned(self, claims: Claims) -> str:
        """An ID token that is signed by nobody (``alg: none``)."""
        parts = (json.dumps(part).encode() for part in ({"alg": "none", "kid": "1"}, claims))
        return ".".join([*(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), ""])

    def sealed(self, claims: Claims) -> str:
        """An ID token sealed with what everybody can read: the public key, taken for a secret."""
        return self.signed(claims, OctKey.import_key(self.key.as_pem(private=False)), "HS256")

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        """Answer a request (WSGI)."""
        request = Request(environ)
        answers = {
            "/.well-known/openid-configuration": self._configuration,
            "/keys": self._keys,
            "/authorize": self._authorize,
            "/token": self._token,
        }
        return answers[request.path](request)(environ, start)

    def _configuration(self, _request: Request) -> Response:
        return _json(
            issuer=self.issuer,
            authorization_endpoint=f"{self.issuer}/authorize",
            token_endpoint=f"{self.issuer}/token",
            jwks_uri=f"{self.issuer}/keys",
            # A provider that lets itself be misled: what counts is what we take.
            id_token_signing_alg_values_supported=["RS256", "HS256", "none"],
        )

    def _keys(self, _request: Request) -> Response:
        self.keys_read += 1
        return _json(keys=[key.as_dict(private=False) for key in self.shown])

    def _authorize(self, request: Request) -> Response:
        code = f"code-{len(self.asked)}"
        self.asked[code] = dict(request.args)
        back = urlencode({"code": code, "state": request.args["state"]})
        return Response(status=302, headers={"Location": f"{request.args['redirect_uri']}?{back}"})

    def _token(self, request: Request) -> Response:
        asked = self.asked.pop(request.form["code"], None)
        known = request.authorization
        if asked is None or not _fits(request.form["code_verifier"], asked["code_challenge"]):
            return _json(400, error="invalid_grant")
        if known is None or (known.username, known.password) != (CLIENT_ID, CLIENT_SECRET):
            return _json(401, error="invalid_client")
        if request.form["redirect_uri"] != asked["redirect_uri"]:
            return _json(400, error="invalid_grant")
        moment = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT_ID, "iat": moment, "exp": moment + 300, "nonce": asked["nonce"],
            **self.person,
        }  # fmt: skip
        return _json(access_token="-", token_type="Bearer", id_token=self.sign(self.twist(claims)))


def _json(status: int = 200, **said: Any) -> Response:
    return Response(json.dumps(said), status=status, content_type="application/json")


def _fits(verifier: str, challenge: str) -> bool:
    """Whether who brings the code is who asked for it (PKCE, S256)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode() == challenge


@contextmanager
def a_provider() -> Iterator[AProvider]:
    """One that listens."""
    made = AProvider()
    server = make_server("127.0.0.1", 0, made, threaded=True, request_handler=_Quiet)
    made.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
