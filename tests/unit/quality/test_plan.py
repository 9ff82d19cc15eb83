from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections import SECTIONS
from lessongen.quality.plan import minutes, skills
from tests.support.checking import edited, markets_lesson


def test_a_plan_that_fits_is_not_found():
    assert [*minutes(markets_lesson())] == []


def test_a_plan_that_is_too_long_names_the_stage_that_is_furthest_off():
    lesson = edited(markets_lesson(), "discussion", lambda d: d.update(minutes=25))

    (found,) = minutes(lesson)

    assert (found.section, found.severity) == ("discussion", "fault")
    assert "76 minutes" in found.sentence
    assert "60" in found.sentence


def test_a_plan_that_is_too_short_is_found():
    lesson = edited(markets_lesson(), "grammar", lambda d: d.update(minutes=1))

    assert [found.section for found in minutes(lesson)] == ["grammar"]


def test_stages_that_are_missing_are_not_held_against_the_others():
    whole = markets_lesson()
    half = {name: whole.contents[name] for name in ("warmup", "reading", "wrapup")}

    assert [*minutes(Lesson(whole.request, whole.brief, half))] == []
    assert [*minutes(Lesson(whole.request, whole.brief, {}))] == []


def test_questions_without_an_inference_are_found():
    lesson = edited(
        markets_lesson(), "comprehension", lambda c: [i.update(skill="detail") for i in c["items"]]
    )

    assert [found.section for found in skills(lesson)] == ["comprehension"]


def test_a_discussion_without_an_opinion_is_found():
    lesson = edited(
        markets_lesson(),
        "discussion",
        lambda d: [q.update(kind="personal") for q in d["questions"]],
    )

    assert [found.section for found in skills(lesson)] == ["discussion"]


def test_a_good_lesson_asks_enough():
    assert set(SECTIONS) == set(markets_lesson().contents)
    assert [*skills(markets_lesson())] == []
