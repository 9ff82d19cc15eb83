from dataclasses import replace

import pytest

from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections import SECTIONS
from lessongen.quality.findings import Finding
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


def focused(focus: str, aim: str, task: str = "Listen and repeat.") -> list[Finding]:
    fields = {"focus": focus, "stage_aim": aim, "task": task}
    return [*skills(edited(markets_lesson(), "pronunciation", lambda p: p.update(fields)))]


@pytest.mark.parametrize(
    ("focus", "aim", "other"),
    [
        ("word stress", "To reduce weak forms in conditional sentences", "weak forms"),
        ("linking", "To practise intonation in questions", "intonation"),
        ("weak forms", "To place word stress correctly", "word stress"),
        ("intonation", "To practise linking in phrasal verbs", "linking"),
        ("linking", "To hear and say the long vowel in early", "sound"),
    ],
)
def test_an_aim_with_another_focus_than_the_stage_is_noted(focus: str, aim: str, other: str):
    (found,) = focused(focus, aim)

    assert (found.section, found.severity, found.evidence) == ("pronunciation", "note", (aim,))
    assert found.sentence == (
        f"The focus of this stage is {focus}, but its aim is {other}. Please make them one."
    )


def test_a_task_with_another_focus_than_the_stage_is_noted():
    (found,) = focused("word stress", "To speak well", "Listen to the intonation.")

    assert found.sentence.startswith("The focus of this stage is word stress, but its task is into")


@pytest.mark.parametrize(
    ("focus", "aim"),
    [
        ("word stress", "To place stress in longer words and use weak forms around it"),
        ("sound", "To hear the weak sound in weak forms"),
        ("linking", "To hear how the sounds of words join"),
        ("intonation", "To let the voice fall on the stressed syllable"),
    ],
)
def test_an_aim_that_touches_on_the_focus_is_silent(focus: str, aim: str):
    assert focused(focus, aim) == []


def test_a_focus_that_nobody_knows_finds_nothing():
    lesson = markets_lesson()
    odd = lesson.contents["pronunciation"].model_copy(update={"focus": "\u2028"})

    assert [*skills(replace(lesson, contents={**lesson.contents, "pronunciation": odd}))] == []


def test_a_good_lesson_asks_enough():
    assert set(SECTIONS) == set(markets_lesson().contents)
    assert [*skills(markets_lesson())] == []
