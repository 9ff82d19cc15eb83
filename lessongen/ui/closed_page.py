"""What a page shows to whoever may not see it: why, and what to do about it."""

from typing import assert_never

import streamlit as st

from lessongen.people import Role
from lessongen.sign_in import Standing, Visitor
from lessongen.ui.drawing import plain
from lessongen.ui.navigation import links_for
from lessongen.ui.returning import FAILED
from lessongen.ui.visitors import sign_out

_READERS = {Role.TEACHER: "teachers", Role.ADMIN: "admins", Role.STAFF: "staff"}
_ASK = "Please ask whoever looks after LessonGen at your school."
_OUTSIDE = (
    "This server can be reached from other computers and has no sign-in. So its pages for admins "
    "and staff are closed. The README says how to set sign-in up."
)


def closed_page(visitor: Visitor, role: Role) -> None:
    """Say why a page for this role is closed, and what is open."""
    with st.container(width=620, key="closed"):
        match visitor.standing:
            case Standing.SIGNED_OUT:
                _sign_in_page("Sign in with your school account. Then this page opens.")
            case Standing.ENDED:
                _sign_in_page("Your sign-in has ended. Please sign in again; nothing is lost.")
            case Standing.NO_ADDRESS:
                _other_account("This account has no e-mail address that a role could belong to.")
            case Standing.UNVERIFIED:
                _other_account(f"Nobody confirms that {plain(visitor.address)} is your address.")
            case Standing.SIGNED_IN if not visitor.person.roles:
                _no_role(visitor)
            case Standing.SIGNED_IN | Standing.LOCAL:
                _another_role(f"This page is for {_READERS[role]}.", visitor)
            case Standing.OUTSIDE:
                _another_role(_OUTSIDE, visitor)
            case Standing.BROKEN:
                st.error(plain(visitor.trouble), icon=":material/build:")
                st.caption("After mending it, stop LessonGen and start it again.")
            case _:
                assert_never(visitor.standing)


def _sign_in_page(sentence: str) -> None:
    st.title("LessonGen", anchor=False)
    if FAILED in st.query_params:
        st.warning(
            f"Signing in did not work. Should it happen again: {_ASK}", icon=":material/error:"
        )
    st.markdown(sentence)
    st.button("Sign in", type="primary", icon=":material/login:", on_click=st.login)


def _other_account(sentence: str) -> None:
    st.warning(f"{sentence} So nothing here opens for it. {_ASK}", icon=":material/lock:")
    st.button("Sign out", icon=":material/logout:", on_click=sign_out)


def _no_role(visitor: Visitor) -> None:
    st.warning(
        f"You are signed in as {plain(visitor.address)}, and this account has no role here. {_ASK}",
        icon=":material/lock:",
    )


def _another_role(sentence: str, visitor: Visitor) -> None:
    st.info(sentence, icon=":material/lock:")
    st.markdown("You can open:")
    links_for(visitor.person.roles)
