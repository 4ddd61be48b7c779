"""Login: Microsoft's two login services in one: the keys that vouch for Teams, and tokens for the bot."""

import secrets
import time
from collections import Counter
from dataclasses import dataclass
from functools import cache

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from .records import Json

ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"
FORGERIES = (
    "wrong_key",
    "unknown_kid",
    "unendorsed",
    "expired",
    "not_yet",
    "wrong_aud",
    "wrong_iss",
    "wrong_serviceurl",
    "no_serviceurl",
    "malformed",
    "none_alg",
    "hs256",
    "no_bearer",
    "missing",
)


@cache
def rsa_key(number: int) -> rsa.RSAPrivateKey:
    """A private key, made once per test process because that takes long."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class Key:
    """A signing key and the channels that may use it."""

    kid: str
    private: rsa.RSAPrivateKey
    endorsements: tuple[str, ...]


class Login:
    """The keys, the tokens, and how often each was asked for."""

    def __init__(self, *, app_id: str, password: str, tenant: str, token_seconds: int) -> None:
        self.app_id = app_id
        self.password = password
        self.tenant = tenant
        self.token_seconds = token_seconds
        self.fetches: Counter[str] = Counter()  # openid, keys, token
        self.issued: dict[str, float] = {}  # token: when it ends, in real time as all of OAuth here
        self._used: dict[tuple[str, str], str] = {}  # the token by key and service URL
        self._made = 0
        self.keys = [self._new("msteams"), self._new("msteams", "webchat"), self._new("directline")]

    def _new(self, *endorsements: str) -> Key:
        self._made += 1
        return Key(f"kid-{self._made}", rsa_key(self._made), endorsements)

    def rotate(self, *, keep: bool = False) -> None:
        """Sign with a new key from now on; the old ones are no longer published unless `keep`."""
        fresh = [self._new("msteams"), self._new("directline")]
        self.keys = fresh + (self.keys if keep else [])

    def openid(self, base: str) -> Json:
        """The openid configuration."""
        return {
            "issuer": ISSUER,
            "authorization_endpoint": "https://invalid.botframework.com",
            "jwks_uri": f"{base}/v1/.well-known/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }

    def jwks(self) -> Json:
        """The public keys."""
        return {"keys": [published(key) for key in self.keys]}

    def grant(self, tenant: str, form: Json) -> tuple[int, Json]:
        """A token for the bot, or Microsoft's words for why not."""
        if tenant not in (self.tenant, "botframework.com"):
            return 400, said("invalid_request", f"AADSTS90002: Tenant '{tenant}' not found.")
        if form.get("grant_type") != "client_credentials":
            return 400, said("unsupported_grant_type", "AADSTS70003: The grant type is not supported.")
        if form.get("scope") != SCOPE:
            return 400, said("invalid_scope", f"AADSTS70011: The provided value for 'scope' is not {SCOPE}.")
        if form.get("client_id") != self.app_id:
            return 400, said("unauthorized_client", "AADSTS700016: Application was not found in the directory.")
        if form.get("client_secret") != self.password:
            return 401, said("invalid_client", "AADSTS7000215: Invalid client secret provided.")
        token = f"fake.{secrets.token_urlsafe(24)}"
        self.issued[token] = time.monotonic() + self.token_seconds
        return 200, {
            "token_type": "Bearer",
            "expires_in": self.token_seconds,
            "ext_expires_in": self.token_seconds,
            "access_token": token,
        }

    def holds(self, authorization: str) -> bool:
        """Whether this header carries a token of ours that has not ended."""
        kind, _, token = authorization.partition(" ")
        return kind == "Bearer" and self.issued.get(token, 0.0) > time.monotonic()

    def expire_tokens(self) -> None:
        """End every token issued so far."""
        self.issued = dict.fromkeys(self.issued, 0.0)

    def header(self, service_url: str, how: str = "good") -> dict[str, str]:
        """The Authorization header of a request to the bot: a real one, or one of FORGERIES."""
        assert how == "good" or how in FORGERIES, f"{how} is none of {FORGERIES}"
        if how == "missing":
            return {}
        if how == "malformed":
            return {"Authorization": "Bearer not.a.token"}
        token = self._good(service_url) if how == "good" else self._signed(how, self._claims(service_url, how))
        return {"Authorization": token if how == "no_bearer" else f"Bearer {token}"}

    def _good(self, service_url: str) -> str:
        """The token of this key, which Teams uses for many requests: signing takes long."""
        known = (self.keys[0].kid, service_url)
        if known not in self._used:
            self._used[known] = self._signed("good", self._claims(service_url, "good"))
        return self._used[known]

    def _claims(self, service_url: str, how: str) -> Json:
        now = int(time.time())
        start = now + {"expired": -7200, "not_yet": 3600}.get(how, -5)
        claims: Json = {
            "serviceurl": "https://elsewhere.example/" if how == "wrong_serviceurl" else service_url,
            "nbf": start,
            "exp": start + 3600,
            "iss": "https://sts.windows.net/elsewhere/" if how == "wrong_iss" else ISSUER,
            "aud": "99999999-0000-0000-0000-000000000000" if how == "wrong_aud" else self.app_id,
        }
        if how == "no_serviceurl":
            del claims["serviceurl"]
        return claims

    def _signed(self, how: str, claims: Json) -> str:
        key = self.keys[0]
        if how == "none_alg":
            return jwt.encode(claims, "", algorithm="none", headers={"kid": key.kid})
        if how == "hs256":
            return jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"kid": key.kid})
        if how == "unendorsed":
            key = next(candidate for candidate in self.keys if "msteams" not in candidate.endorsements)
        private = rsa_key(0) if how in ("wrong_key", "unknown_kid") else key.private
        kid = "kid-nobody-knows" if how == "unknown_kid" else key.kid
        return jwt.encode(claims, private, algorithm="RS256", headers={"kid": kid, "x5t": kid})


def published(key: Key) -> Json:
    """A key as the JWKS shows it."""
    public = RSAAlgorithm.to_jwk(key.private.public_key(), as_dict=True)
    named = {"kty": "RSA", "use": "sig", "kid": key.kid, "x5t": key.kid}
    return {**named, "n": public["n"], "e": public["e"], "endorsements": list(key.endorsements)}


def said(error: str, description: str) -> Json:
    """An error of the token endpoint."""
    return {"error": error, "error_description": description, "error_codes": [int(description[6:].split(":")[0])]}
