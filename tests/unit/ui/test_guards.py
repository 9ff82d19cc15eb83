from collections.abc import Callable, Generator

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from lessongen.ui.guards import LOCAL_ROLES, Role, current_roles

Listen = Callable[[str | None], None]
OPTION = "server.address"
OUTSIDE = ["0.0.0.0", "::", "192.168.1.20", "lessons.school.example", "", None, "127.0.0.1.example"]


@pytest.fixture
def listen() -> Generator[Listen]:
    """Let a test say where the server listens; afterwards it is as before."""
    before = config.get_option(OPTION)
    yield lambda address: config.set_option(OPTION, address)
    config.set_option(OPTION, before)


def page_for(role: Role) -> AppTest:
    """Open a page that only people with this role may see."""
    return AppTest.from_string(
        f"""
import streamlit as st
from lessongen.ui.guards import Role, only_for
only_for(Role.{role.name})
st.markdown("The price of every model")
""",
        default_timeout=30,
    ).run()


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1"])
def test_the_one_user_of_this_computer_has_every_role(address: str, listen: Listen):
    listen(address)

    assert current_roles() == frozenset(Role) == LOCAL_ROLES


@pytest.mark.parametrize("address", OUTSIDE)
def test_whoever_may_come_from_outside_is_a_teacher_and_no_more(
    address: str | None, listen: Listen
):
    listen(address)

    assert current_roles() == {Role.TEACHER}


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_admins_page_draws_nothing_for_whoever_comes_from_outside(
    address: str | None, listen: Listen
):
    listen(address)

    page = page_for(Role.ADMIN)

    assert page.error.values == ["This page is closed to you."]
    assert not page.markdown
    assert not page.exception


def test_an_admins_page_opens_for_the_one_user_of_this_computer(listen: Listen):
    listen("127.0.0.1")

    page = page_for(Role.ADMIN)

    assert not page.error
    assert page.markdown.values == ["The price of every model"]


def test_a_teachers_page_opens_for_everyone(listen: Listen):
    listen("0.0.0.0")

    page = page_for(Role.TEACHER)

    assert not page.error
    assert page.markdown.values == ["The price of every model"]
