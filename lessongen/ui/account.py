"""The account at the top of every page: who is signed in, and the way out."""

import streamlit as st

from lessongen.ui.drawing import plain
from lessongen.ui.visitors import sign_out


def account_line(address: str) -> None:
    """Draw the address of who is signed in, and a button to sign out."""
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="account"
    ):
        st.caption(plain(address), width="content")
        st.button(
            "Sign out", type="tertiary", icon=":material/logout:", on_click=sign_out, key="sign-out"
        )
