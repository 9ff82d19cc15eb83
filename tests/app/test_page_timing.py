import time
from pathlib import Path

import pytest
from streamlit import config

from lessongen.benchmark.history import History, fill
from lessongen.errors import LessonGenError
from lessongen.store.store import Store
from lessongen.ui.page_timing import Change, timed_page


def test_the_page_of_figures_is_timed_for_every_visitor_and_every_change(store: Store):
    fill(store.database, History(300, days=3, until=time.time()))

    times = timed_page(
        "analytics", {"lessons": "real lessons"}, [Change("at_level", "B1")], visitors=2
    )

    assert (len(times.drawn), len(times.changed)) == (2, 2)
    assert min(*times.drawn, *times.changed) > 0


def test_a_page_that_says_what_is_wrong_is_not_timed(database: Path):
    database.mkdir()

    with pytest.raises(LessonGenError, match="The page could not be drawn"):
        timed_page("analytics", {}, [], visitors=1)


def test_timing_leaves_the_address_of_the_server_as_it_was(store: Store):
    assert store
    before = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")
    try:
        timed_page("analytics", {}, [], visitors=1)

        assert config.get_option("server.address") == "0.0.0.0"
    finally:
        config.set_option("server.address", before)
