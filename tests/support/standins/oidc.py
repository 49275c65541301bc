"""A sign-in service that speaks OpenID Connect Core 1.0 with PKCE (RFC 7636), as far as signing in needs it."""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.support.standins.server import Answer, Asked, StandIn, in_json

CLIENT, SECRET = "portal", "portal-secret"


@dataclass
class SignInService:
    """`claims` of whoever signs in there next; `lacks`: what it leaves out of what it says of itself or of the answer."""

    claims: dict[str, Any] = field(default_factory=dict)
    lacks: set[str] = field(default_factory=set)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"}))

    def __post_init__(self) -> None:
        self.server = StandIn(self._answer)
        self.shown_key = self.key
        self._codes: dict[str, dict[str, str]] = {}

    def sign_in_at(self, address: str) -> str:
        """What a browser does that was sent here, with somebody who signs in: the path it is sent back to."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self._codes[code] = asked
        back = urlsplit(asked["redirect_uri"])
        return f"{back.path}?{urlencode({'code': code, 'state': asked['state']})}"

    def renew_key(self) -> None:
        self.key = self.shown_key = RSAKey.generate_key(2048, {"kid": "2", "use": "sig", "alg": "RS256"})

    def _answer(self, asked: Asked) -> Answer:
        if asked.path == "/.well-known/openid-configuration":
            says = {
                "issuer": self.server.url,
                "authorization_endpoint": f"{self.server.url}/authorize",
                "token_endpoint": f"{self.server.url}/token",
                "jwks_uri": f"{self.server.url}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
            return in_json({name: value for name, value in says.items() if name not in self.lacks})
        if asked.path == "/keys":
            return in_json({"keys": [self.shown_key.as_dict(private=False)]})
        return self._token(asked)

    def _token(self, asked: Asked) -> Answer:
        given = dict(parse_qsl(asked.body.decode()))
        begun = self._codes.pop(given["code"], None)
        by_client = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked.headers.get("Authorization") != f"Basic {by_client}":
            return in_json({"error": "invalid_client"}, status=401)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        if (
            begun is None
            or begun["redirect_uri"] != given["redirect_uri"]
            or begun["code_challenge"] != challenge.decode().rstrip("=")
        ):
            return in_json({"error": "invalid_grant"}, status=400)
        now = int(time.time())
        claims = {
            "iss": self.server.url, "sub": "10001", "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": begun["nonce"], **self.claims,
        }  # fmt: skip
        token = {"access_token": "a", "token_type": "Bearer", "expires_in": 300}
        id_token = {"id_token": jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)}
        return in_json(token | ({} if "id_token" in self.lacks else id_token))
