from dataclasses import replace

import pytest

from lessongen.lesson.levels import Level
from lessongen.lesson.sections.dialogue import Dialogue, Line
from lessongen.lesson.sections.reading import Reading
from lessongen.quality.level import estimated, hard_words, level
from tests.support.checking import changed, markets_lesson, reading_of
from tests.support.lessons import request_on

EASY = "Lina works in a café. She starts at eight. She likes her job and her friends there. " * 5
HARD = (
    "Notwithstanding the meticulous deliberations of the municipal authorities, the "
    "unprecedented proliferation of ostensibly sustainable initiatives has exacerbated "
    "longstanding disparities, thereby undermining the credibility of successive "
    "administrations whose rhetoric invariably eclipsed their accomplishments. "
) * 3


def test_an_easy_text_reads_like_a1_and_a_hard_one_like_c2():
    easy, hard = estimated(EASY), estimated(HARD)

    assert easy is not None
    assert hard is not None
    assert easy < 1.5
    assert hard > 5.5


def test_a_short_text_gets_no_estimate():
    assert estimated("Lina works in a café. She starts at eight.") is None


def test_a_text_in_another_script_gets_no_estimate():
    assert estimated("週末の市場。" * 100) is None


@pytest.mark.parametrize("target", list(Level)[:4])
def test_a_text_that_is_far_too_hard_is_a_fault_with_its_hard_words(target: Level):
    lesson = changed(markets_lesson(), Reading, paragraphs=[HARD])

    found, *_ = level(replace(lesson, request=request_on(level=target)))

    assert (found.section, found.check, found.severity) == ("reading", "level", "fault")
    assert found.sentence.startswith(f"The text reads like C2, not {target}. Hard words: “")
    assert "exacerbated" in found.evidence


@pytest.mark.parametrize("target", [Level.B1, Level.B2, Level.C1, Level.C2])
def test_a_text_that_is_far_too_easy_is_a_fault_at_every_higher_level(target: Level):
    lesson = changed(markets_lesson(), Reading, paragraphs=[EASY])

    found = [f.sentence for f in level(replace(lesson, request=request_on(level=target)))]

    assert found[0].startswith(f"The text reads like A1, which is easy for {target}.")


def test_a_reading_two_levels_up_is_found():
    harder = reading_of(markets_lesson(Level.B2))
    lesson = changed(markets_lesson(Level.A2), Reading, paragraphs=harder.paragraphs)

    assert [f.section for f in level(lesson)] == ["reading"]


def test_a_dialogue_is_judged_by_its_turns():
    turns = [Line(speaker="Devi", text=sentence) for sentence in HARD.split(". ")]
    lesson = changed(markets_lesson(), Dialogue, turns=turns)

    assert [f.section for f in level(lesson)] == ["dialogue"]


def test_simple_talk_fits_a_high_level():
    talk = "Morning, Devi! How are you? I sold three lamps yesterday, and you?"
    lesson = changed(markets_lesson(), Dialogue, turns=[Line(speaker="Marit", text=talk)] * 8)

    assert not list(level(replace(lesson, request=request_on(level=Level.B1))))


def test_hard_words_leave_out_names_and_words_that_are_known():
    text = "The clerk haggled with Lwazi in Durban about an exorbitant surcharge. Hm, Wanjiru left."

    assert set(hard_words(text, Level.A2, frozenset({"haggle"}))) == {"surcharge", "exorbitant"}


def test_no_word_is_too_hard_for_the_highest_levels():
    text = " ".join(["An exorbitant surcharge was levied."] * 20)
    lesson = replace(
        changed(markets_lesson(), Reading, paragraphs=[text]), request=request_on(level=Level.C2)
    )

    assert not [f for f in level(lesson) if "not C2" in f.sentence]
