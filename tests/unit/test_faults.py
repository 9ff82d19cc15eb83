import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.emulator.faults import FaultKind, FaultPlan, FaultRule, Moment, parse_rule
from lessongen.errors import SettingsError

THROTTLED, HANG = FaultKind.THROTTLED, FaultKind.HANG


def faults(plan: FaultPlan, times: int, model: str = "m", part: str = "p") -> list[str | None]:
    return [fault(plan, model, part) for _ in range(times)]


def fault(plan: FaultPlan, model: str, part: str) -> str | None:
    rule = plan.fault_for(model, part)
    return rule.kind if rule else None


def test_without_rules_nothing_goes_wrong():
    assert faults(FaultPlan(), 3) == [None, None, None]


def test_a_plain_rule_strikes_every_request():
    assert faults(FaultPlan([FaultRule(HANG)]), 2) == [HANG, HANG]


def test_a_rule_strikes_only_the_model_and_part_it_names():
    plan = FaultPlan([FaultRule(HANG, model="gemini-3.8-*", part="reading")])

    assert fault(plan, "gemini-3.8-flash", "reading") == HANG
    assert fault(plan, "gemini-3.8-flash", "grammar") is None
    assert fault(plan, "gemini-3.6-flash", "reading") is None


def test_requests_before_after_pass_and_no_more_than_times_are_hit():
    plan = FaultPlan([FaultRule(THROTTLED, after=1, times=2)])

    assert faults(plan, 5) == [None, THROTTLED, THROTTLED, None, None]


def test_requests_that_do_not_match_are_not_counted():
    plan = FaultPlan([FaultRule(THROTTLED, part="reading", after=1)])

    assert faults(plan, 3, part="grammar") == [None, None, None]
    assert faults(plan, 2, part="reading") == [None, THROTTLED]


def test_the_first_rule_that_strikes_decides():
    plan = FaultPlan([FaultRule(THROTTLED, times=1), FaultRule(HANG)])

    assert faults(plan, 3) == [THROTTLED, HANG, HANG]


def test_a_rate_hits_about_that_share_of_requests():
    hits = faults(FaultPlan([FaultRule(THROTTLED, rate=0.3)], seed=7), 2000)

    assert 0.26 < hits.count(THROTTLED) / len(hits) < 0.34


def test_chance_repeats_with_the_same_seed_even_where_requests_come_in_another_order():
    rules = [FaultRule(THROTTLED, rate=0.5)]
    one, other = FaultPlan(rules, seed=1), FaultPlan(rules, seed=1)

    first = {part: faults(one, 20, part=part) for part in ("reading", "grammar")}
    second = {part: faults(other, 20, part=part) for part in ("grammar", "reading")}

    assert first == second
    assert first["reading"] != first["grammar"]
    assert faults(FaultPlan(rules, seed=2), 20, part="reading") != first["reading"]


@given(
    rate=st.floats(0, 1),
    after=st.integers(0, 10),
    times=st.integers(0, 5),
    requests=st.integers(0, 40),
)
def test_a_rule_never_strikes_more_often_or_earlier_than_it_says(
    rate: float, after: int, times: int, requests: int
):
    hits = faults(FaultPlan([FaultRule(HANG, rate=rate, after=after, times=times)]), requests)

    assert hits.count(HANG) <= times
    assert HANG not in hits[:after]


def test_a_rule_is_read_from_the_command_line():
    text = "throttled:model=gemini-3.8-flash,part=reading,rate=0.5,after=2,times=1,when=midway"

    assert parse_rule(text) == FaultRule(
        THROTTLED,
        model="gemini-3.8-flash",
        part="reading",
        rate=0.5,
        after=2,
        times=1,
        when=Moment.MIDWAY,
    )


@pytest.mark.parametrize("kind", FaultKind)
def test_the_name_of_each_kind_alone_is_a_rule(kind: FaultKind):
    assert parse_rule(str(kind)) == FaultRule(kind)


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize("kind", FaultKind)
def test_a_moment_is_a_part_of_the_rule_unless_the_whole_answer_is_concerned(
    kind: FaultKind, moment: Moment
):
    if kind.moments:
        assert parse_rule(f"{kind}:when={moment}") == FaultRule(kind, when=moment)
    else:
        with pytest.raises(SettingsError, match=f"“{kind}” concerns a whole answer"):
            parse_rule(f"{kind}:when={moment}")


def test_an_unknown_kind_is_refused_with_a_list_of_all_kinds():
    with pytest.raises(SettingsError) as caught:
        parse_rule("explode")

    assert "explode" in str(caught.value)
    assert all(kind in str(caught.value) for kind in FaultKind)


@pytest.mark.parametrize(
    "text",
    [
        "hang:colour=red",
        "hang:rate",
        "hang:rate=",
        "hang:rate=often",
        "hang:rate=2",
        "hang:rate=nan",
        "hang:after=1.5",
        "hang:after=-1",
        "hang:times=-1",
        "hang:when=later",
        "hang:when=START",
    ],
)
def test_options_that_make_no_sense_are_refused(text: str):
    with pytest.raises(SettingsError):
        parse_rule(text)


@given(st.text())
def test_any_text_is_a_rule_or_a_clear_refusal(text: str):
    try:
        assert isinstance(parse_rule(text), FaultRule)
    except SettingsError as error:
        assert str(error)  # noqa: PT017
