import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.analytics.changes import Change, change_of, rests_on_enough
from lessongen.analytics.values import Compared
from lessongen.analytics.wording import NO_BREAK as N
from lessongen.analytics.wording import Unit, with_unit


@pytest.mark.parametrize(
    ("now", "before", "unit", "change"),
    [
        (0.9966, 0.9974, "share", Change()),
        (0.9964, 0.9966, "share", Change(f"0.1{N}points")),
        (0.97, 0.11, "share", Change(f"86.0{N}points", rose=True)),
        (0.99999, 1.0, "share", Change(f"under 0.1{N}points")),
        (0.0198, 0.0202, "dollars", Change()),
        (0.05, 0.02, "dollars", Change(f"150{N}%", rose=True)),
        (0.0, 0.0, "lessons", Change()),
        (1000.0, 1001.0, "lessons", Change(f"under 1{N}%")),
        (3.0, 0.0, "lessons", None),
        (None, 1.0, "seconds", None),
        (1.0, None, "seconds", None),
    ],
)
def test_a_change_is_told_only_as_far_as_the_figures_that_are_shown_differ(
    now: float | None, before: float | None, unit: Unit, change: Change | None
):
    found = change_of(Compared(now, before), unit)

    if change == Change() and now is not None and before is not None and now != before:
        assert with_unit(now, unit) == with_unit(before, unit)
    assert found == change


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(["share", "seconds", "dollars"]))
def test_figures_that_are_shown_alike_never_differ_and_others_always_do(
    now: float, before: float, unit: Unit
):
    found = change_of(Compared(now, before), unit)

    if found is not None:
        assert found.same == (with_unit(now, unit) == with_unit(before, unit))
        assert found.rose == (not found.same and now > before)


@pytest.mark.parametrize(
    ("counts", "enough"), [((20, 20), True), ((19, 900), False), ((900, 0), False)]
)
def test_a_change_is_called_good_or_bad_only_where_both_sides_rest_on_enough(
    counts: tuple[int, int],
    enough: bool,  # noqa: FBT001 (a case)
):
    assert rests_on_enough(Compared(1.0, 2.0, *counts)) is enough
