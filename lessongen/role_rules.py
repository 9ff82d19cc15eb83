"""Which e-mail addresses hold which roles: the rules of a school, read and applied strictly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from lessongen.errors import SettingsError
from lessongen.people import Role

_EVERYBODY = "*@"
_LOCAL = re.compile(r"[a-z0-9.!#$%&'+/=?^_`{|}~-]+")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
# Whoever likes has an address there, so a rule for the whole domain is a rule for everyone.
_OPEN_TO_ALL = frozenset(
    {
        *("aol.com", "gmail.com", "googlemail.com", "gmx.com", "gmx.de", "gmx.net", "hotmail.com"),
        *("icloud.com", "live.com", "mail.com", "mail.ru", "me.com", "msn.com", "outlook.com"),
        *("proton.me", "protonmail.com", "qq.com", "web.de", "yahoo.com", "yandex.ru"),
    }
)
# Longer than any address may be: RFC 5321.
_LONGEST = 254


@dataclass(frozen=True, slots=True)
class RoleRules:
    """The rules by role. No role implies another: an admin who teaches is named in both."""

    patterns: Mapping[Role, frozenset[str]]

    def roles_of(self, email: str) -> frozenset[Role]:
        """Return the roles of an address, whether in small or large letters."""
        if (address := usable_address(email)) is None:
            return frozenset()
        matching = {address, f"{_EVERYBODY}{address.partition('@')[2]}"}
        return frozenset(role for role, rules in self.patterns.items() if rules & matching)


def usable_address(email: object) -> str | None:
    """Return an e-mail address in small letters, None where it is none that a rule could name.

    Letters beyond ASCII are refused: some of them turn into another when they are made small.
    """
    if not isinstance(email, str) or not email.isascii() or len(email) > _LONGEST:
        return None
    local, at, domain = email.lower().partition("@")
    usable = at and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)
    return f"{local}@{domain}" if usable else None


def role_rules(table: object) -> RoleRules:
    """Read the table [roles]: a list of rules for every role that anybody holds.

    A rule is an address, or `*@` and a domain. A domain means itself and none below it.

    Raises:
        SettingsError: where a rule cannot be used, or would match everyone.
    """
    given = table_of("roles", table)
    patterns = {_role(name): _rules(name, value) for name, value in given.items()}
    if not any(patterns.values()):
        raise SettingsError(
            "[roles] gives nobody a role, so no page would open for anyone. "
            'Please add a rule such as teacher = ["*@your-school.org"].'
        )
    return RoleRules(patterns)


def table_of(name: str, value: object) -> Mapping[str, Any]:
    """Return a table of the secrets file.

    Raises:
        SettingsError: where it is something else.
    """
    if not isinstance(value, Mapping):
        raise SettingsError(f"{name} must be a table: its settings below a line [{name}].")
    return cast("Mapping[str, Any]", value)


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        known = ", ".join(Role)
        raise SettingsError(f"[roles] names a role “{name}”; the roles are {known}.") from None


def _rules(role: str, value: object) -> frozenset[str]:
    if not isinstance(value, list):
        raise SettingsError(f'[roles] {role} must be a list, such as {role} = ["*@school.org"].')
    return frozenset(_rule(role, rule) for rule in cast("list[object]", value))


def _rule(role: str, rule: object) -> str:
    if not isinstance(rule, str):
        raise SettingsError(f"[roles] {role} holds a rule that is no text; put it in quotes.")
    pattern = rule.strip().lower()
    local, _, domain = pattern.partition("@")
    if _matches_everyone(pattern):
        raise SettingsError(
            f"[roles] {role} holds the rule “{rule}”, which would let everyone in. "
            "Please name the school’s own domain, such as *@school.org."
        )
    if usable_address(pattern if local != "*" else f"x@{domain}") is None:
        raise SettingsError(
            f"[roles] {role} holds the rule “{rule}”, which cannot be used. A rule is a whole "
            "address (head@school.org), or *@ and a whole domain (*@school.org)."
        )
    return pattern


def _matches_everyone(pattern: str) -> bool:
    """Say whether a rule is meant for anybody at all, in whatever way it is written."""
    local, _, domain = pattern.partition("@")
    if not set(local) <= {"*", "?", "%", "."}:
        return False
    return not domain or "*" in domain or "." not in domain or domain in _OPEN_TO_ALL
