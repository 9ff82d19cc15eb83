from itertools import pairwise

from lessongen.ui.watching import Watchers, pause_seconds


def test_nobody_waits_while_few_watch_and_everybody_longer_the_more_do():
    pauses = [pause_seconds(tabs) for tabs in range(1, 200)]

    assert pauses[:10] == [0.0] * 10
    assert all(earlier <= later for earlier, later in pairwise(pauses))


def test_forty_tabs_are_answered_some_fifty_times_a_second_and_each_within_one():
    assert 45 <= 40 / pause_seconds(40) <= 55
    assert pause_seconds(40) <= 1


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
