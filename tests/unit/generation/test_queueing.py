from hypothesis import given
from hypothesis import strategies as st

from lessongen.generation.queueing import (
    PRIORITY_SECONDS,
    SHARE_SECONDS,
    FairQueue,
    Ticket,
)
from lessongen.generation.strategy import Priority


def ticket(priority: Priority = "high", lesson: str = "lesson", tokens: int = 1) -> Ticket:
    return Ticket(lesson, priority, tokens, latest=1000.0)


def drained(queue: FairQueue[str]) -> list[str]:
    """Let everybody in, one after another."""
    order: list[str] = []
    while first := queue.first():
        name, asked = first
        assert next(queue.ranked())[1] == asked
        queue.remove(name)
        queue.serve(asked.lesson)
        order.append(name)
    return order


def test_the_urgent_go_first_and_equals_in_the_order_they_came():
    queue = FairQueue[str]()
    queue.push("low", ticket("low", "a"), 0.0)
    queue.push("medium", ticket("medium", "b"), 0.0)
    queue.push("high", ticket("high", "c"), 0.0)
    queue.push("later", ticket("high", "d"), 0.1)

    assert drained(queue) == ["high", "later", "medium", "low"]


def test_who_has_waited_long_goes_before_the_urgent_who_came_late():
    queue, late = FairQueue[str](), PRIORITY_SECONDS["low"] + 0.1
    queue.push("low", ticket("low", "a"), 0.0)
    queue.push("high", ticket("high", "b"), late)

    assert drained(queue) == ["low", "high"]


def test_a_lesson_of_many_sections_does_not_hold_up_another():
    queue = FairQueue[str]()
    for number in range(12):
        queue.push(f"long {number}", ticket(lesson="long"), 0.0)
    queue.push("short 0", ticket(lesson="short"), 0.2)
    queue.push("short 1", ticket(lesson="short"), 0.2)

    assert drained(queue)[:5] == ["long 0", "short 0", "long 1", "short 1", "long 2"]


def test_what_a_lesson_had_long_ago_is_not_held_against_it():
    queue = FairQueue[str]()
    queue.serve("a")
    queue.push("a", ticket(lesson="a"), 0.0)
    queue.push("b", ticket(lesson="b"), SHARE_SECONDS / 2)
    assert next(queue.ranked())[0] == "b"

    queue.forget("a")
    assert drained(queue) == ["a", "b"]


def test_within_a_lesson_the_urgent_section_goes_first():
    queue = FairQueue[str]()
    queue.push("warmup", ticket("low"), 0.0)
    queue.push("reading", ticket("high"), 0.0)

    assert drained(queue) == ["reading", "warmup"]


def test_who_leaves_the_queue_is_gone_wherever_they_stood():
    queue = FairQueue[str]()
    for name in ("a", "b", "c"):
        queue.push(name, ticket(), 0.0)

    assert queue.remove("a")
    assert not queue.remove("a")
    assert queue.remove("c")
    assert len(queue) == 1
    assert drained(queue) == ["b"]
    assert queue.first() is None


def test_a_newcomer_sees_how_many_would_go_before():
    queue = FairQueue[str]()
    queue.push("high", ticket("high", "a", tokens=10), 0.0)
    queue.push("low", ticket("low", "b", tokens=5), 0.0)

    assert queue.ahead_of(ticket("medium", "c"), 1.0) == (1, 10)
    assert queue.ahead_of(ticket("medium", "c"), 3.0) == (2, 15)


Newcomers = list[tuple[float, Priority, str]]


@given(
    newcomers=st.lists(
        st.tuples(
            st.floats(0, 10), st.sampled_from(["high", "medium", "low"]), st.sampled_from("abc")
        ),
        max_size=40,
    )
)
def test_everybody_is_let_in_once_and_nobody_is_overtaken_for_ever(newcomers: Newcomers):
    queue, came, now = FairQueue[str](), dict[str, float](), 0.0
    for number, (pause, priority, lesson) in enumerate(newcomers):
        now += pause
        came[str(number)] = now
        queue.push(str(number), ticket(priority, lesson), now)

    order = drained(queue)

    assert sorted(order) == sorted(came)
    patience = PRIORITY_SECONDS["low"] + SHARE_SECONDS * len(newcomers)
    for position, name in enumerate(order):
        for later in order[:position]:
            assert came[later] <= came[name] + patience
