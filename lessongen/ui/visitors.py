"""Who is at the page: asked anew in every run, since a sign-in may end while a page is open."""

import logging
import os
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import streamlit as st

from lessongen.errors import LessonGenError
from lessongen.people import LOCAL, Person, Role
from lessongen.settings import read_settings
from lessongen.sign_in import (
    LONGEST_SECONDS,
    SignIn,
    Standing,
    Visitor,
    is_loopback,
    mark_of,
    nobody,
)
from lessongen.ui.shared_services import shared_services

_LOG = logging.getLogger(__name__)

# The one user of a server that listens on loopback only.
LOCAL_ROLES = frozenset(Role)
OUTSIDE_ROLES = frozenset({Role.TEACHER})
# What a proxy adds: the request came to this computer from another.
_PROXY_HEADERS = frozenset(
    {"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"}
)


def current_visitor() -> Visitor:
    """Return who is at the page; where that cannot be found out, somebody without a role."""
    try:
        sign_in = _sign_in()
    except LessonGenError as error:
        return nobody(Standing.BROKEN, trouble=str(error))
    if sign_in is None:
        return _without_sign_in()
    claims = st.user.to_dict()
    visitor = sign_in.visitor(claims, time.time())
    if visitor.standing is not Standing.SIGNED_OUT and _was_ended(mark_of(claims)):
        return nobody(Standing.SIGNED_OUT)
    return visitor


def sign_out() -> None:
    """End the sign-in in every tab it is open in, and lead the browser out.

    Streamlit forgets a sign-in in the tab it was ended in, and in no other that is open; nor does
    it refuse a copy of the cookie.
    """
    mark = mark_of(st.user.to_dict())
    _ended_here().add(mark)
    try:
        shared_services().store.ended_sign_ins.add(mark, time.time() + LONGEST_SECONDS)
    except LessonGenError as error:
        _LOG.error("A sign-in was ended, but only until this server stops: %s", error)
    st.logout()


def _was_ended(mark: str) -> bool:
    """Say whether a sign-in was ended by hand, on this server or one on the same database.

    Where the database cannot be asked, no page has anything to show either.
    """
    if mark in _ended_here():
        return True
    try:
        return shared_services().store.ended_sign_ins.has(mark)
    except LessonGenError:
        return False


def _without_sign_in() -> Visitor:
    if from_this_computer(st.get_option("server.address"), st.context.headers.to_dict()):
        return Visitor(Standing.LOCAL, Person(LOCAL, LOCAL_ROLES))
    return Visitor(Standing.OUTSIDE, Person(LOCAL, OUTSIDE_ROLES))


def from_this_computer(address: str | None, headers: Mapping[str, str]) -> bool:
    """Say whether nobody but the user of this computer can have sent a request.

    `address` is where the server listens. A proxy may hide where a request comes from; the
    browser still names the server it thinks it speaks to. Only a page that is drawn without any
    request has no headers at all.
    """
    given = {name.lower(): value for name, value in headers.items()}
    if not is_loopback(address or "") or _PROXY_HEADERS & {*given}:
        return False
    if not given:
        return True
    hosts = [f"//{given.get('host', '')}", given.get("origin", "")]
    return all(is_loopback(_host(url)) for url in hosts)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@st.cache_resource(show_spinner=False)
def _sign_in() -> SignIn | None:
    return read_settings(os.environ).sign_in


@st.cache_resource(show_spinner=False)
def _ended_here() -> set[str]:
    """Return the marks of sign-ins that were ended on this server."""
    return set()
