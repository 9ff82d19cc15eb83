"""Sign-in: how a school set it up, and what the claims of an account are worth at a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from lessongen.errors import SettingsError
from lessongen.people import Person
from lessongen.role_rules import RoleRules, role_rules, table_of, usable_address

CALLBACK = "/oauth2callback"
DEFAULT_HOURS = 12.0
MOST_HOURS = 720.0
"""A browser keeps its sign-in no longer: Streamlit's cookie ends after thirty days."""

_KEYS = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_SHORTEST_SECRET = 32
_FEWEST_CHARACTERS = 8
# These addresses of Microsoft's let accounts of any organisation in, whatever e-mail they claim:
# https://learn.microsoft.com/en-us/entra/identity-platform/claims-validation
_ANY_ORGANISATION = ("/common/", "/organizations/", "/consumers/")
_GOOGLE = "accounts.google.com"
# Two clocks are seldom the same: the provider's may be ahead by this much.
_LEEWAY_SECONDS = 300.0
_SECONDS_AN_HOUR = 3600.0
LONGEST_SECONDS = MOST_HOURS * _SECONDS_AN_HOUR

NOBODY = Person("", frozenset())
"""Whoever is not known: without a role, and without an id that a lesson could belong to."""


class Standing(StrEnum):
    """What is known of the person at a page."""

    LOCAL = "local"  # the one user of this computer; nobody signs in
    OUTSIDE = "outside"  # somebody at a server without sign-in that others can reach
    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    ENDED = "ended"
    NO_ADDRESS = "no address"
    UNVERIFIED = "unverified"
    BROKEN = "broken"  # the settings cannot be used, so nothing is known


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person at a page, and why they may do what they may."""

    standing: Standing
    person: Person
    address: str = ""
    """The e-mail address the account claims, for the page to show; it may be unverified."""
    trouble: str = ""
    """What is broken, where the settings cannot be used."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A school's sign-in, without its secrets: Streamlit reads those itself."""

    rules: RoleRules
    hours: float = DEFAULT_HOURS

    def visitor(self, claims: Mapping[str, Any], now: float) -> Visitor:
        """Judge the claims of an account; `now` is in seconds since 1970.

        Whatever is odd gives no role. A sign-in begins when its identity token was issued, and
        ends after so many hours, even on a page that was open all the time.
        """
        if claims.get("is_logged_in") is not True:
            return nobody(Standing.SIGNED_OUT)
        if not self._lasts(claims.get("iat"), now):
            return nobody(Standing.ENDED)
        if (address := usable_address(claims.get("email"))) is None:
            return nobody(Standing.NO_ADDRESS)
        if not _is_theirs(address, claims):
            return nobody(Standing.UNVERIFIED, address)
        return Visitor(Standing.SIGNED_IN, Person(address, self.rules.roles_of(address)), address)

    def _lasts(self, issued: object, now: float) -> bool:
        if isinstance(issued, bool) or not isinstance(issued, int | float):
            return False
        return now - self.hours * _SECONDS_AN_HOUR < issued <= now + _LEEWAY_SECONDS


def _is_theirs(address: str, claims: Mapping[str, Any]) -> bool:
    """Say whether the provider vouches for an address.

    Anybody can have a private Google account with an address of the school's, and keeps it after
    leaving. Google vouches for those alone that its Workspace, named in `hd`, or its mail hosts:
    https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
    """
    if claims.get("email_verified", True) not in (True, "true"):
        return False
    if str(claims.get("iss")).removeprefix("https://") != _GOOGLE:
        return True
    return bool(claims.get("hd")) or address.endswith("@gmail.com")


def nobody(standing: Standing, address: str = "", trouble: str = "") -> Visitor:
    """Return a visitor without any role."""
    return Visitor(standing, NOBODY, address, trouble)


def mark_of(claims: Mapping[str, Any]) -> str:
    """Return what tells one sign-in from every other, of this account or another."""
    return " ".join(str(claims.get(name)) for name in ("iss", "sub", "iat", "nonce"))


def sign_in_of(secrets: Mapping[str, Any]) -> SignIn | None:
    """Return the sign-in that a secrets file sets up; None where it has no [auth].

    Raises:
        SettingsError: where it is set up by half, or unsafely; the sentence names the key and
            never shows its value.
    """
    if "auth" not in secrets:
        if found := [f"[{name}]" for name in ("roles", "sign_in") if name in secrets]:
            raise SettingsError(
                f"{' and '.join(found)} is set, but nobody can sign in: [auth] is missing."
            )
        return None
    _check_auth(table_of("auth", secrets["auth"]))
    if "roles" not in secrets:
        raise SettingsError(
            "[auth] is set, but nobody has a role: please add a table [roles], "
            'with rules such as teacher = ["*@your-school.org"].'
        )
    hours = _hours(table_of("sign_in", secrets.get("sign_in", {})))
    return SignIn(role_rules(secrets["roles"]), hours)


def _check_auth(auth: Mapping[str, Any]) -> None:
    """Hold what Streamlit needs, and what makes its sign-in safe."""
    for key in _KEYS:
        value = auth.get(key)
        if not isinstance(value, str) or not value.strip():
            raise SettingsError(f"[auth] needs {key}, as text in quotes.")
    _check_secret(auth["cookie_secret"])
    _check_address("redirect_uri", auth["redirect_uri"])
    if not auth["redirect_uri"].endswith(CALLBACK):
        raise SettingsError(f"[auth] redirect_uri must end with {CALLBACK}.")
    _check_address("server_metadata_url", auth["server_metadata_url"])
    if any(shared in auth["server_metadata_url"].lower() for shared in _ANY_ORGANISATION):
        raise SettingsError(
            "[auth] server_metadata_url lets accounts of every organisation in. "
            "Please put your own tenant’s id in its place."
        )


def _check_secret(secret: str) -> None:
    if len(secret) < _SHORTEST_SECRET or len(set(secret)) < _FEWEST_CHARACTERS:
        raise SettingsError(
            f"[auth] cookie_secret could be guessed: it must be at least {_SHORTEST_SECRET} random "
            'characters, such as python -c "import secrets; print(secrets.token_urlsafe(48))" '
            "prints."
        )


def _check_address(key: str, url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise SettingsError(f"[auth] {key} is no address.") from None
    if not host or (parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host))):
        raise SettingsError(
            f"[auth] {key} must begin with https://; http:// is for this computer’s own address."
        )


def is_loopback(host: str) -> bool:
    """Say whether a host’s name or address is this computer’s own, and no other can use it."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _hours(table: Mapping[str, Any]) -> float:
    if unknown := [key for key in table if key != "hours"]:
        raise SettingsError(f"[sign_in] holds {unknown[0]}, which is no setting; hours is one.")
    hours = table.get("hours", DEFAULT_HOURS)
    number = isinstance(hours, int | float) and not isinstance(hours, bool)
    if not (number and 0 < hours <= MOST_HOURS):
        raise SettingsError(
            f"[sign_in] hours must be a number above zero, and at most {MOST_HOURS:.0f}."
        )
    return float(hours)
