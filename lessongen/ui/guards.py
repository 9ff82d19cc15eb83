"""Who may see a page. Every page asks first, and fails closed."""

import streamlit as st

from lessongen.people import Person, Role
from lessongen.ui.closed_page import closed_page
from lessongen.ui.visitors import current_visitor

__all__ = ["Role", "current_person", "current_roles", "only_for", "rerun_if_closed"]


def only_for(role: Role) -> None:
    """End the page here unless the person who opened it has the role."""
    visitor = current_visitor()
    if role not in visitor.person.roles:
        closed_page(visitor, role)
        st.stop()


def rerun_if_closed(role: Role) -> None:
    """Have the whole page drawn again, guard first, if the person has the role no more.

    A fragment is drawn without its page and the guard of that: one with a timer, or with
    anything to press in it, asks here.
    """
    if role not in current_roles():
        st.rerun()


def current_roles() -> frozenset[Role]:
    """Return the roles of the person at the page; none where they are not known."""
    return current_person().roles


def current_person() -> Person:
    """Return the person at the page; who is not known has no role, and an empty id."""
    return current_visitor().person
