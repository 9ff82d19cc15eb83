from itertools import pairwise

from lessongen.ui.watching import Watchers, poll_seconds


def test_a_tab_asks_less_often_the_more_tabs_watch():
    paces = [poll_seconds(tabs) for tabs in range(1, 200)]

    assert paces[0] <= 0.3
    assert all(earlier <= later for earlier, later in pairwise(paces))


def test_forty_tabs_that_open_one_after_another_ask_less_than_ninety_times_a_second():
    assert sum(1 / poll_seconds(tabs) for tabs in range(1, 41)) < 90


def test_a_tab_counts_once_however_often_it_asks():
    watchers = Watchers(lambda: 0.0)

    for tab in ("one", "other", "one"):
        watchers.see(tab)

    assert watchers.count() == 2


def test_a_tab_that_has_not_asked_for_a_while_does_not_count():
    times = iter([0.0, 8.0, 9.0])
    watchers = Watchers(lambda: next(times))
    watchers.see("gone")
    watchers.see("here")

    assert watchers.count() == 1
