import asyncio
from collections import Counter
from collections.abc import Callable, Mapping

import pytest

from lessongen.errors import Blocked, ProviderError, Unauthorized, Unavailable
from lessongen.gemini.messages import ModelRequest
from lessongen.generation.events import (
    AnswerScored,
    BriefWritten,
    Event,
    LessonBegun,
    LessonChecked,
    PartStarted,
    SectionChecked,
    SectionFailed,
    SectionPutOff,
    SectionRewriting,
    SectionWritten,
)
from lessongen.generation.lessons import LessonWriter, Progress
from lessongen.generation.parts import PartWriter
from lessongen.generation.policy import Policy
from lessongen.generation.strategy import Mode, Strategy
from lessongen.lesson.brief import Brief, CastMember, local_brief
from lessongen.lesson.levels import Level
from lessongen.lesson.names import POOL, chosen_names, first_name
from lessongen.lesson.prompts import BRIEF, read_back
from lessongen.lesson.request import LessonRequest
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections import SECTIONS
from lessongen.quality.findings import Severity
from lessongen.quality.reviewer import Reviewer
from tests.support.generation import (
    ASSIGNMENT,
    SLOTS,
    EasyReviewer,
    Steady,
    Told,
    model_slot,
    part_asked,
    pool_of,
    valid_answer,
)
from tests.support.scripted_client import SILENCE, Answer, ScriptedClient
from tests.support.virtual_time import in_virtual_time

REQUEST = LessonRequest(topic="Weekend markets", level=Level.B1)
BRIEF_WRITTEN = Brief.model_validate_json(valid_answer(BRIEF))
SECONDS = {name: 3.0 + position for position, name in enumerate(SECTIONS)}
BRIEF_SECONDS = 2.0
ASSIGNMENTS = dict.fromkeys([BRIEF, *SECTIONS], ASSIGNMENT)
STRATEGY = Strategy(SLOTS, ASSIGNMENTS, {})
WRITTEN = {name: valid_answer(name) for name in SECTIONS}
CONTENTS = {name: SECTIONS[name].parsed(answer) for name, answer in WRITTEN.items()}


def now() -> float:
    return asyncio.get_running_loop().time()


def answers_except(**odd: Answer) -> Callable[[ModelRequest], Answer]:
    """Answer every part well, in its own time, except for the odd ones."""

    def answer(asked: ModelRequest) -> Answer:
        part = part_asked(asked.user)
        return odd.get(part, (SECONDS.get(part, BRIEF_SECONDS), valid_answer(part)))

    return answer


async def write(
    client: ScriptedClient,
    told: Told,
    mode: Mode = "parallel",
    done: Progress | None = None,
    request: LessonRequest = REQUEST,
    strategy: Strategy = STRATEGY,
    reviewer: Reviewer | None = None,
) -> None:
    parts = PartWriter(pool_of(client), Policy(), Steady())
    await LessonWriter(parts, lambda: strategy, reviewer or EasyReviewer()).write(
        "lesson", request, mode, told, done
    )


def by_part(events: list[Event]) -> Mapping[str, list[str]]:
    """Return the kinds of events of each part, in order."""
    kinds: dict[str, list[str]] = {}
    for event in events:
        part = getattr(event, "part", getattr(event, "section", BRIEF))
        kinds.setdefault(str(part), []).append(type(event).__name__)
    return kinds


def asked_parts(client: ScriptedClient) -> list[str]:
    return [part_asked(asked.request.user) for asked in client.asked]


@in_virtual_time
async def test_in_parallel_a_lesson_takes_the_brief_and_its_slowest_section():
    client, told = ScriptedClient.answering(answers_except()), Told()

    await write(client, told)

    opened = [asked.opened for asked in client.asked]
    assert opened == pytest.approx([0.0] + [BRIEF_SECONDS] * len(SECTIONS))
    assert now() == pytest.approx(BRIEF_SECONDS + max(SECONDS.values()))
    assert {written.section for written in told.of(SectionWritten)} == set(SECTIONS)


@in_virtual_time
async def test_in_sequence_a_lesson_takes_the_sum_and_keeps_lesson_order():
    client, told = ScriptedClient.answering(answers_except()), Told()

    await write(client, told, "sequential")

    assert now() == pytest.approx(BRIEF_SECONDS + sum(SECONDS.values()))
    assert [written.section for written in told.of(SectionWritten)] == list(SECTIONS)
    assert asked_parts(client) == [BRIEF, *SECTIONS]


def test_both_modes_tell_the_same_of_every_part():
    seen: dict[Mode, Told] = {"parallel": Told(), "sequential": Told()}

    for mode, told in seen.items():
        in_virtual_time(write)(ScriptedClient.answering(answers_except()), told, mode)

    assert by_part(seen["parallel"].events) == by_part(seen["sequential"].events)
    contents = [
        {written.section: written.content for written in told.of(SectionWritten)}
        for told in seen.values()
    ]
    assert contents[0] == contents[1]


@in_virtual_time
async def test_the_brief_is_told_before_any_section_and_given_to_each():
    client, told = ScriptedClient.answering(answers_except()), Told()

    await write(client, told)

    kinds = [type(event) for event in told.events]
    sections = [
        index
        for index, event in enumerate(told.events)
        if isinstance(event, PartStarted) and event.part != BRIEF
    ]
    assert kinds.index(BriefWritten) < min(sections)
    assert told.of(BriefWritten) == [BriefWritten(BRIEF_WRITTEN, local=False)]
    brief = f"<brief>{BRIEF_WRITTEN.model_dump_json()}</brief>"
    assert all(brief in asked.request.user for asked in client.asked[1:])


@in_virtual_time
async def test_a_written_section_is_valid_json_and_names_its_model():
    told = Told()

    await write(ScriptedClient.answering(answers_except()), told)

    for written in told.of(SectionWritten):
        SECTIONS[written.section].parsed(written.content)
        assert (written.slot, written.model) == ("first", "first-model")


@in_virtual_time
async def test_a_lesson_of_two_sections_asks_for_two():
    client = ScriptedClient.answering(answers_except())
    request = REQUEST.model_copy(update={"sections": ("warmup", "reading")})

    await write(client, Told(), request=request)

    assert asked_parts(client) == [BRIEF, "warmup", "reading"]


@pytest.mark.parametrize("mode", ["parallel", "sequential"])
@in_virtual_time
async def test_sections_that_fail_never_stop_the_others(mode: Mode):
    odd: dict[str, Answer] = {"grammar": SILENCE, "reading": (Blocked("first-model", "safety"),)}
    told = Told()

    await write(ScriptedClient.answering(answers_except(**odd)), told, mode)

    failed = told.of(SectionFailed)
    assert {failure.section for failure in failed} == set(odd)
    assert all(failure.reason for failure in failed)
    assert {written.section for written in told.of(SectionWritten)} == set(SECTIONS) - set(odd)


@in_virtual_time
async def test_a_lesson_with_every_model_down_still_ends_with_a_failure_for_every_section():
    client = ScriptedClient.answering(lambda asked: (Unavailable(asked.model, "503"),))
    told = Told()

    await write(client, told)

    assert {failure.section for failure in told.of(SectionFailed)} == set(SECTIONS)
    assert told.of(SectionWritten) == []


@in_virtual_time
async def test_without_a_brief_from_a_model_a_local_one_is_made_and_marked():
    told = Told()

    await write(ScriptedClient.answering(answers_except(brief=SILENCE)), told)

    assert told.of(BriefWritten) == [
        BriefWritten(local_brief(REQUEST, chosen_names("lesson")), local=True)
    ]
    assert {written.section for written in told.of(SectionWritten)} == set(SECTIONS)
    slowest = max(SECONDS.values())
    assert now() == pytest.approx(ASSIGNMENT.deadline_seconds + slowest)


@in_virtual_time
async def test_a_resumed_lesson_asks_for_nothing_that_is_there():
    client, told = ScriptedClient.answering(answers_except()), Told()
    done = Progress(
        local_brief(REQUEST),
        {name: CONTENTS[name] for name in SECTIONS if name not in {"grammar", "wrapup"}},
    )

    await write(client, told, done=done)

    assert asked_parts(client) == ["grammar", "wrapup"]
    assert told.of(BriefWritten) == []
    assert {written.section for written in told.of(SectionWritten)} == {"grammar", "wrapup"}
    assert done.brief
    assert f"<brief>{done.brief.model_dump_json()}</brief>" in client.asked[0].request.user


@in_virtual_time
async def test_a_lesson_that_is_complete_asks_nothing():
    client, told = ScriptedClient.answering(answers_except()), Told()

    await write(client, told, done=Progress(BRIEF_WRITTEN, CONTENTS))

    assert client.asked == []
    kinds = {type(event) for event in told.events}
    assert kinds == {LessonBegun, AnswerScored, SectionChecked, LessonChecked}


@pytest.mark.parametrize(
    ("mode", "after", "open_streams"),
    [
        ("parallel", 1.0, 1),
        ("parallel", 2.5, 1 + len(SECTIONS)),
        ("sequential", 2.5, 2),
    ],
)
@in_virtual_time
async def test_a_cancelled_lesson_stops_every_stream_and_tells_every_attempt(
    mode: Mode, after: float, open_streams: int
):
    client, told = ScriptedClient.answering(answers_except()), Told()
    writing = asyncio.create_task(write(client, told, mode))

    await asyncio.sleep(after)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing

    assert len(client.asked) == open_streams
    assert client.all_closed
    assert now() == pytest.approx(after)
    still_open = [attempt for attempt in told.attempts if attempt.outcome == "cancelled"]
    assert len(told.attempts) == open_streams
    assert len(still_open) == open_streams - (after > BRIEF_SECONDS)


@in_virtual_time
async def test_lessons_written_at_the_same_time_do_not_disturb_each_other():
    client = ScriptedClient.answering(answers_except())
    parts = PartWriter(pool_of(client), Policy(), Steady())
    writer, told = LessonWriter(parts, lambda: STRATEGY, EasyReviewer()), [Told(), Told()]
    requests = [REQUEST, REQUEST.model_copy(update={"topic": "Job interviews"})]

    await asyncio.gather(
        *(
            writer.write(request.topic, request, "parallel", emit)
            for request, emit in zip(requests, told, strict=True)
        )
    )

    for emit in told:
        assert {written.section for written in emit.of(SectionWritten)} == set(SECTIONS)
    topics = [data.request.topic for a in client.asked if (data := read_back(a.request.user))]
    assert topics.count("Weekend markets") == topics.count("Job interviews") == 1 + len(SECTIONS)


# The second pass


def failing(
    *asked: str, times: int = 1, error: type[ProviderError] = Blocked
) -> Callable[[ModelRequest], Answer]:
    """Fail some sections with every slot, so many times each; answer everything else well."""
    seen: Counter[tuple[str, str]] = Counter()

    def answer(request: ModelRequest) -> Answer:
        part = part_asked(request.user)
        seen[part, request.model] += 1
        if part in asked and seen[part, request.model] <= times:
            return (1.0, error(request.model, "not this one"))
        return (SECONDS.get(part, BRIEF_SECONDS), valid_answer(part))

    return answer


@in_virtual_time
async def test_what_failed_is_written_again_one_after_another_when_the_others_are_done():
    client, told = ScriptedClient.answering(failing("reading", "grammar")), Told()

    await write(client, told)

    assert [event.section for event in told.of(SectionPutOff)] == ["reading", "grammar"]
    assert told.of(SectionFailed) == []
    assert [written.section for written in told.of(SectionWritten)][-2:] == ["reading", "grammar"]
    again = client.asked[-2:]
    assert [part_asked(asked.request.user) for asked in again] == ["reading", "grammar"]
    assert again[1].opened == pytest.approx(again[0].closed)
    assert [attempt.reason for attempt in told.attempts][-2:] == ["second_pass", "second_pass"]


@in_virtual_time
async def test_the_second_pass_has_the_finished_sections_in_view():
    client = ScriptedClient.answering(failing("reading", "grammar"))

    await write(client, Told())

    first, reading, grammar = client.asked[1], client.asked[-2], client.asked[-1]
    assert "<finished>" not in first.request.user
    assert "<finished>" not in first.request.system
    for name in SECTIONS:
        assert (f'"{name}": ' in reading.request.user) == (name not in {"reading", "grammar"})
    assert '"reading": ' in grammar.request.user


@in_virtual_time
async def test_a_section_that_fails_again_is_marked_and_told_why():
    told = Told()

    await write(ScriptedClient.answering(failing("reading", times=9)), told)

    [failed] = told.of(SectionFailed)
    assert failed.section == "reading"
    assert "safety filter" in failed.reason


@in_virtual_time
async def test_nothing_is_tried_again_where_the_key_is_wrong():
    client = ScriptedClient.answering(lambda asked: (Unauthorized(asked.model, "401"),))
    told = Told()

    await write(client, told)

    assert told.of(SectionPutOff) == []
    assert {failed.section for failed in told.of(SectionFailed)} == set(SECTIONS)
    assert all("did not accept the key" in failed.reason for failed in told.of(SectionFailed))
    # The brief has asked every slot; the sections are told so without asking again.
    assert client.models == ["first-model", "second-model", "third-model"]


@in_virtual_time
async def test_the_second_pass_has_an_end_even_if_every_model_hangs():
    told = Told()

    await write(ScriptedClient.answering(lambda _: SILENCE), told)

    assert {failed.section for failed in told.of(SectionFailed)} == set(SECTIONS)
    longest = ASSIGNMENT.deadline_seconds
    assert now() <= 2 * longest + Policy().second_pass + longest


# Sections that wait for others


def waiting(**waits_for: tuple[str, ...]) -> Strategy:
    assignments = {
        part: ASSIGNMENT.model_copy(update={"waits_for": waits_for.get(part, ())})
        for part in (BRIEF, *SECTIONS)
    }
    return Strategy(SLOTS, assignments, {})


@in_virtual_time
async def test_a_section_waits_for_those_it_names_and_the_others_start_at_once():
    client = ScriptedClient.answering(answers_except())
    strategy = waiting(comprehension=("reading",), wrapup=("comprehension", "dialogue"))

    await write(client, Told(), strategy=strategy)

    opened = {part_asked(asked.request.user): asked for asked in client.asked}
    at_once = [name for name in SECTIONS if name not in {"comprehension", "wrapup"}]
    assert {opened[name].opened for name in at_once} == {BRIEF_SECONDS}
    assert opened["comprehension"].opened == opened["reading"].closed
    assert opened["wrapup"].opened == max(
        opened["comprehension"].closed or 0, opened["dialogue"].closed or 0
    )
    assert '"reading": ' in opened["comprehension"].request.user
    assert "<finished>" not in opened["dialogue"].request.user


@pytest.mark.parametrize("mode", ["parallel", "sequential"])
@in_virtual_time
async def test_a_section_whose_forerunner_failed_is_written_all_the_same(mode: Mode):
    told = Told()
    client = ScriptedClient.answering(failing("reading", times=9))

    await write(client, told, mode, strategy=waiting(comprehension=("reading",)))

    assert {written.section for written in told.of(SectionWritten)} == set(SECTIONS) - {"reading"}


@in_virtual_time
async def test_a_section_waits_for_nothing_that_is_not_in_its_lesson_or_is_there_already():
    client = ScriptedClient.answering(answers_except())
    strategy = waiting(comprehension=("reading", "grammar"))
    request = REQUEST.model_copy(update={"sections": ("reading", "comprehension")})
    done = Progress(BRIEF_WRITTEN, {"reading": CONTENTS["reading"]})

    await write(client, Told(), done=done, request=request, strategy=strategy)

    [asked] = client.asked
    assert (part_asked(asked.request.user), asked.opened) == ("comprehension", 0.0)
    assert '"reading": ' in asked.request.user


@in_virtual_time
async def test_one_after_another_a_section_comes_after_those_it_waits_for():
    client = ScriptedClient.answering(answers_except())

    await write(client, Told(), "sequential", strategy=waiting(warmup=("wrapup",)))

    assert asked_parts(client)[-2:] == ["wrapup", "warmup"]


@in_virtual_time
async def test_a_lesson_begins_with_the_strategy_of_the_moment():
    strategies = [STRATEGY, waiting(comprehension=("reading",))]
    client = ScriptedClient.answering(answers_except())
    writer = LessonWriter(
        PartWriter(pool_of(client), Policy(), Steady()), strategies.pop, EasyReviewer()
    )

    for _ in range(2):
        await writer.write("lesson", REQUEST, "parallel", Told())

    comprehension = [a for a in client.asked if part_asked(a.request.user) == "comprehension"]
    assert ["<finished>" in asked.request.user for asked in comprehension] == [True, False]


@in_virtual_time
async def test_a_lesson_outlives_the_end_of_a_slot_it_began_with():
    begun, changed = ASSIGNMENT, ASSIGNMENT.model_copy(update={"fallbacks": ("second",)})
    without_third = {name: SLOTS[name] for name in ("first", "second")}
    strategies = [
        Strategy(without_third, dict.fromkeys(ASSIGNMENTS, changed), {}),
        Strategy(SLOTS, dict.fromkeys(ASSIGNMENTS, begun), {}),
    ]

    def answer(asked: ModelRequest) -> Answer:
        if asked.model == "third-model" or part_asked(asked.user) == BRIEF:
            return (1.0, valid_answer(part_asked(asked.user)))
        return (2.0, Blocked(asked.model, "not this one"))

    client, told = ScriptedClient.answering(answer), Told()
    writer = LessonWriter(
        PartWriter(pool_of(client), Policy(), Steady()), strategies.pop, EasyReviewer()
    )
    first = asyncio.create_task(writer.write("first", REQUEST, "parallel", told))
    await asyncio.sleep(1.5)
    second = asyncio.create_task(writer.write("second", REQUEST, "parallel", Told()))
    await asyncio.gather(first, second)

    assert {written.section for written in told.of(SectionWritten)} == set(SECTIONS)
    assert {written.slot for written in told.of(SectionWritten)} == {"third"}


@pytest.mark.parametrize(("places", "lessons"), [(1, 4), (24, 12), (100, 50)])
@in_virtual_time
async def test_there_is_room_for_as_many_lessons_as_the_slots_can_serve(places: int, lessons: int):
    slots = {name: model_slot(slot.model, concurrency=places) for name, slot in SLOTS.items()}
    parts = PartWriter(pool_of(ScriptedClient({}), **slots), Policy(), Steady())

    assert LessonWriter(parts, lambda: STRATEGY, EasyReviewer()).room() == lessons


def checked(told: Told) -> dict[str, SectionChecked]:
    """Return what the last checks said of each section."""
    return {event.section: event for event in told.of(SectionChecked)}


def reasons(client: ScriptedClient, told: Told, part: str) -> list[str]:
    assert asked_parts(client)
    return [attempt.reason for attempt in told.attempts if attempt.part == part]


@in_virtual_time
async def test_checks_go_over_a_lesson_when_all_its_sections_are_there():
    told = Told()

    await write(ScriptedClient.answering(answers_except()), told)

    last = [type(event) for event in told.events].index(SectionChecked)
    assert not any(isinstance(event, SectionWritten) for event in told.events[last:])
    assert set(checked(told)) == set(SECTIONS)
    assert told.events[-1] == LessonChecked(100)


@in_virtual_time
async def test_a_section_with_a_fault_is_written_once_more_with_the_fault_and_the_others_in_view():
    client, told = ScriptedClient.answering(answers_except()), Told()

    await write(client, told, reviewer=EasyReviewer({"reading": "fault"}))

    again = client.asked[-1].request
    assert reasons(client, told, "reading") == ["first", "second_pass"]
    assert '<found>["Mend the reading."]</found>' in again.user
    assert f"<section>{CONTENTS['reading'].model_dump_json()}</section>" in again.user
    assert '"warmup": {' in again.user
    assert '"reading": {' not in again.user
    assert told.of(SectionRewriting) == [SectionRewriting("reading")]
    assert checked(told)["reading"].findings == ()


@in_virtual_time
async def test_a_rewrite_does_not_touch_the_section_until_it_is_better():
    told = Told()

    await write(
        ScriptedClient.answering(answers_except()),
        told,
        reviewer=EasyReviewer({"reading": "fault"}),
    )

    began = told.events.index(SectionRewriting("reading"))
    after = [type(event).__name__ for event in told.events[began + 1 :]]
    assert after[:4] == ["AttemptEnded", "AnswerScored", "SectionWritten", "SectionChecked"]


@in_virtual_time
async def test_of_two_versions_the_better_one_is_kept():
    told = Told()
    worse = EasyReviewer({"reading": "fault"}, {"reading": "fault", "comprehension": "fault"})

    await write(ScriptedClient.answering(answers_except()), told, reviewer=worse)

    assert [written.section for written in told.of(SectionWritten)].count("reading") == 1
    assert [finding.severity for finding in checked(told)["reading"].findings] == ["fault"]
    assert told.of(AnswerScored)[-1] == AnswerScored("reading", 75)


@in_virtual_time
async def test_a_rewrite_that_mends_some_of_many_faults_is_kept():
    told = Told()
    fault: tuple[str, Severity] = ("reading", "fault")
    reviewer = EasyReviewer([fault] * 9, [fault] * 5)

    await write(ScriptedClient.answering(answers_except()), told, reviewer=reviewer)

    assert [written.section for written in told.of(SectionWritten)].count("reading") == 2
    assert len(checked(told)["reading"].findings) == 5


@in_virtual_time
async def test_only_what_changed_is_told_again_after_a_rewrite():
    told = Told()

    await write(
        ScriptedClient.answering(answers_except()),
        told,
        reviewer=EasyReviewer({"reading": "fault"}),
    )

    times = Counter(event.section for event in told.of(SectionChecked))
    assert times == dict.fromkeys(SECTIONS, 1) | {"reading": 2}


@in_virtual_time
async def test_a_section_written_later_has_all_that_is_there_in_view():
    client = ScriptedClient.answering(answers_except())
    there = {name: CONTENTS[name] for name in SECTIONS if name != "reading"}

    await write(client, Told(), done=Progress(BRIEF_WRITTEN, there))

    [asked] = client.asked
    assert all(f'"{name}": {{' in asked.request.user for name in there)


@in_virtual_time
async def test_a_note_is_told_and_nothing_is_written_again_for_it():
    client, told = ScriptedClient.answering(answers_except()), Told()

    await write(client, told, reviewer=EasyReviewer({"reading": "note"}))

    assert reasons(client, told, "reading") == ["first"]
    assert [finding.severity for finding in checked(told)["reading"].findings] == ["note"]
    assert checked(told)["reading"].score == 95


@in_virtual_time
async def test_a_rewrite_that_fails_leaves_the_section_as_it_was():
    def answer(asked: ModelRequest) -> Answer:
        if "<found>" in asked.user:
            return (Unavailable(asked.model, "503"),)
        return (valid_answer(part_asked(asked.user)),)

    told = Told()
    await write(ScriptedClient.answering(answer), told, reviewer=EasyReviewer({"reading": "fault"}))

    assert told.of(SectionFailed) == []
    assert [finding.sentence for finding in checked(told)["reading"].findings] == [
        "Mend the reading."
    ]


@in_virtual_time
async def test_sections_that_were_checked_in_an_earlier_run_are_not_written_again():
    client, told = ScriptedClient.answering(answers_except()), Told()
    done = Progress(BRIEF_WRITTEN, CONTENTS, settled={"reading"})

    await write(
        client, told, done=done, reviewer=EasyReviewer({"reading": "fault", "warmup": "fault"})
    )

    assert asked_parts(client) == ["warmup"]


@in_virtual_time
async def test_an_answer_that_cannot_be_used_as_a_section_is_repaired():
    class Refusing(EasyReviewer):
        def refusal(self, content: SectionContent, request: LessonRequest) -> str | None:
            assert request == REQUEST
            return "it is a refusal" if content.stage_aim == "No." else None

    refused = valid_answer("reading").replace('"stage_aim": "sample"', '"stage_aim": "No."')
    answers = iter([refused])

    def answer(asked: ModelRequest) -> Answer:
        part = part_asked(asked.user)
        usual = valid_answer(part)
        return (next(answers, usual) if part == "reading" else usual,)

    client, told = ScriptedClient.answering(answer), Told()
    await write(client, told, reviewer=Refusing())

    assert reasons(client, told, "reading") == ["first", "repair"]
    assert {written.section for written in told.of(SectionWritten)} == set(SECTIONS)


@in_virtual_time
async def test_people_get_names_of_our_pool_whatever_the_model_calls_them():
    brief = BRIEF_WRITTEN.model_copy(
        update={
            "cast": [CastMember(name="Elara Voss", role="a baker")],
            "key_facts": ["Elara bakes bread.", "People like Elara’s bread, not Elaras."],
        }
    )
    told = Told()

    client = ScriptedClient.answering(answers_except(brief=(brief.model_dump_json(),)))
    await write(client, told)

    [written] = told.of(BriefWritten)
    [person] = written.brief.cast
    name = first_name(person.name)
    assert POOL[name].pronoun == person.pronoun
    assert written.brief.key_facts == [
        f"{name} bakes bread.",
        f"People like {name}’s bread, not Elaras.",
    ]
