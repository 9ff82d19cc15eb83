"""Who may see a page. Every page asks first, and fails closed."""

import streamlit as st

from lessongen.people import LOCAL, Person, Role

__all__ = ["Role", "current_person", "current_roles", "only_for"]

# The one user of a server that listens on loopback only.
LOCAL_ROLES = frozenset(Role)
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def only_for(role: Role) -> None:
    """End the page here unless the person who opened it has the role."""
    if role not in current_roles():
        st.error("This page is closed to you.", icon=":material/lock:")
        st.stop()


def current_roles() -> frozenset[Role]:
    """Return the roles of the person at the page. Whoever comes from outside is a teacher."""
    local = st.get_option("server.address") in _LOOPBACK
    return LOCAL_ROLES if local else frozenset({Role.TEACHER})


def current_person() -> Person:
    """Return the person at the page."""
    return Person(LOCAL, current_roles())
