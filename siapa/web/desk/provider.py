"""The provider at which officers may sign in, where the settings name one: OpenID Connect, by Authlib.

The code flow with PKCE, state and nonce. What the provider says counts only when it is signed with
one of its keys, by a method that needs one, for this registry, in answer to this browser, and now.
Where it lies and which keys it has is asked of it (discovery) and kept for an hour, so that a
provider that is down keeps nobody from signing in the other way, nor the registry from starting.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app

from siapa.config import BadConfiguration, Config
from siapa.publishing.identities import Told

#: Signatures that are taken: those for which the provider alone has the key.
METHODS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
#: What a provider calls a sign-in with a second factor (RFC 8176).
MFA = "mfa"
TIMEOUT_SECONDS = 5
KEPT_SECONDS = 3_600
#: How long one waits for another's question, and for how long nobody asks where no answer came.
PATIENCE_SECONDS, LEFT_ALONE_SECONDS = 1, 10
#: Seconds after which keys may be asked for anew because of one that is not known.
ASKED_AGAIN_SECONDS = 60
#: Seconds that the provider's clock may be off.
LEEWAY = 60
LONGEST_SUBJECT = 255
log = structlog.get_logger(__name__)


class ProviderFailed(Exception):
    """Nobody could be known by the provider; the reason is for the log."""


@dataclass(frozen=True)
class Sought:
    """A sign-in that was begun in this browser: what its end must fit to."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Known:
    """Whom the provider knows, and whether it has asked for a second factor."""

    told: Told
    is_strong: bool


@dataclass
class Provider:
    """One provider, and what was last read of it."""

    config: Config
    read_at: float = 0.0
    left_alone_until: float = 0.0
    metadata: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def name(self) -> str:
        """How officers call it."""
        return self.config.oidc_name or urlsplit(self.config.oidc_issuer).hostname or ""

    @property
    def issuer(self) -> str:
        """How it calls itself; the settings may leave out a stroke at the end."""
        return str(self.read()["issuer"])

    def begin(self, redirect_uri: str) -> Sought:
        """Where to send the browser, and what to remember of it; ``ProviderFailed``."""
        endpoint = self.read()["authorization_endpoint"]
        state, nonce, verifier = token_urlsafe(32), token_urlsafe(32), token_urlsafe(48)
        with self._session(redirect_uri) as session:
            address, _state = session.create_authorization_url(
                endpoint, state=state, nonce=nonce, code_verifier=verifier
            )
        return Sought(str(address), state, nonce, verifier)

    def finish(self, code: str, nonce: str, verifier: str, redirect_uri: str) -> Known:
        """Who has signed in there; ``ProviderFailed`` where anything at all does not fit."""
        endpoint = self.read()["token_endpoint"]
        try:
            with self._session(redirect_uri) as session:
                token = session.fetch_token(
                    endpoint, code=code, code_verifier=verifier, grant_type="authorization_code"
                )
            return self._known(token, nonce)
        except ProviderFailed:
            raise
        except Exception as error:  # whatever comes from there, and however the libraries stumble over it
            raise ProviderFailed(repr(error)[:300]) from error

    def read(self, *, anew: bool = False) -> dict[str, Any]:
        """What the provider says of itself; asked for once an hour, or ``anew``.

        ``ProviderFailed`` where it does not answer; then it is left alone for some seconds, and whoever
        comes meanwhile need not wait for it.
        """
        if not self._lock.acquire(timeout=PATIENCE_SECONDS):
            raise ProviderFailed("somebody else waits for its answer")
        try:
            age = time.monotonic() - self.read_at
            if not self.metadata or age > KEPT_SECONDS or (anew and age > ASKED_AGAIN_SECONDS):
                if time.monotonic() < self.left_alone_until:
                    raise ProviderFailed("it did not answer a moment ago")
                self.left_alone_until = time.monotonic() + LEFT_ALONE_SECONDS
                self.metadata, self.keys = self._asked()
                self.read_at, self.left_alone_until = time.monotonic(), 0.0
            return self.metadata
        finally:
            self._lock.release()

    def _asked(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What it says of itself, and its keys, as they are now."""
        import requests

        issuer = self.config.oidc_issuer
        try:
            with requests.Session() as session:
                metadata = _object(session, f"{issuer}/.well-known/openid-configuration")
                if str(metadata.get("issuer", "")).rstrip("/") != issuer:
                    raise ProviderFailed(f"it calls itself {metadata.get('issuer')!r}")
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    if not _is_safe(metadata.get(name), issuer):
                        raise ProviderFailed(f"its {name} cannot be used")
                return metadata, _object(session, metadata["jwks_uri"])
        except (requests.RequestException, ValueError) as error:
            raise ProviderFailed(repr(error)[:300]) from error

    def _session(self, redirect_uri: str) -> Any:
        from authlib.integrations.requests_client import OAuth2Session

        methods = self.metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return OAuth2Session(
            self.config.oidc_client_id, self.config.oidc_client_secret, scope="openid email",
            redirect_uri=redirect_uri, code_challenge_method="S256", default_timeout=TIMEOUT_SECONDS,
            token_endpoint_auth_method=next(
                (one for one in ("client_secret_basic", "client_secret_post") if one in methods),
                "client_secret_basic",
            ),
        )  # fmt: skip

    def _known(self, token: dict[str, Any], nonce: str) -> Known:
        from authlib.oidc.core import CodeIDToken

        decoded, client_id = self._decoded(str(token["id_token"])), self.config.oidc_client_id
        wanted = {
            "iss": {"essential": True, "value": self.metadata["issuer"]},
            "aud": {"essential": True, "value": client_id},
        }
        given = {"nonce": nonce, "client_id": client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(decoded.claims, decoded.header, wanted, given)
        claims.validate(leeway=LEEWAY)
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise ProviderFailed("it names nobody")
        email = claims.get("email") if claims.get("email_verified") is True else None
        acr, amr = claims.get("acr"), claims.get("amr") or []
        return Known(
            Told(self.metadata["issuer"], subject, email if isinstance(email, str) else ""),
            is_strong=MFA in amr or (isinstance(acr, str) and acr in self.config.oidc_mfa),
        )

    def _decoded(self, text: str) -> Any:
        """The token whose signature holds; keys that were changed meanwhile are asked for once."""
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError
        from joserfc.jwk import KeySet

        def decoded() -> Any:
            keys: Any = self.keys
            return jwt.decode(text, KeySet.import_key_set(keys), algorithms=METHODS)

        try:
            return decoded()
        except InvalidKeyIdError:
            self.read(anew=True)
            return decoded()


def init_app(app: Flask, config: Config) -> None:
    """Set up the provider that the settings name; ``BadConfiguration`` where the extra is missing."""
    app.extensions["siapa_provider"] = None
    if not config.oidc_issuer:
        return
    try:
        import authlib.integrations.requests_client  # noqa: F401
    except ImportError:
        raise BadConfiguration("SIAPA_OIDC_ISSUER needs the extra [oidc]: install siapa[oidc]") from None
    app.extensions["siapa_provider"] = Provider(config)


def provider() -> Provider | None:
    """The provider of this registry; None where the settings name none."""
    found: Provider | None = current_app.extensions["siapa_provider"]
    return found


def _object(session: Any, address: str) -> dict[str, Any]:
    """The JSON object at ``address``; ``ValueError`` for anything else."""
    answer = session.get(address, timeout=TIMEOUT_SECONDS, allow_redirects=False)
    answer.raise_for_status()
    said = answer.json()
    if not isinstance(said, dict):
        raise ValueError("no object was answered")
    return said


def _is_safe(address: object, issuer: str) -> bool:
    """Whether ``address`` is one, and over TLS where the provider itself is."""
    parts = urlsplit(address) if isinstance(address, str) else urlsplit("")
    return bool(parts.hostname) and parts.scheme in {"https", urlsplit(issuer).scheme}
