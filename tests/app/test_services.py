import pytest
import streamlit as st

from lessongen.errors import StoreError
from lessongen.people import LOCAL
from lessongen.ui.resources import services
from tests.support.lessons import request_on


def test_every_page_asks_the_same_services():
    assert services() is services()


def test_a_cleared_cache_closes_the_database_and_the_next_page_opens_it_again():
    first = services()
    lesson = first.request_lesson(request_on())

    st.cache_resource.clear()

    with pytest.raises(StoreError):
        first.request_lesson(request_on())
    assert [kept.id for kept in services().store.lessons_of(LOCAL).recent()] == [lesson]
