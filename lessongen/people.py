"""Who somebody is, and what they may do."""

from dataclasses import dataclass
from enum import StrEnum

LOCAL = "local"
"""The one person at a server without sign-in: lessons that nobody signed in for are theirs."""


class Role(StrEnum):
    """What a person may do."""

    TEACHER = "teacher"
    ADMIN = "admin"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a page. `id` is an e-mail address in small letters, or LOCAL."""

    id: str
    roles: frozenset[Role]
