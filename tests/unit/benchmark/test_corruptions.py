from collections.abc import Iterator
from itertools import pairwise
from random import Random

import pytest

from lessongen.benchmark.quality.corruption import Corruption
from lessongen.benchmark.quality.corruptions import UNSEEN, corruptions
from lessongen.benchmark.quality.specimens import Specimen, specimens
from lessongen.benchmark.quality.trials import corrupted
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections.comprehension import Comprehension, Item
from lessongen.lesson.sections.dialogue import Dialogue
from lessongen.lesson.sections.reading import Reading
from lessongen.lesson.sections.vocabulary import Vocabulary
from tests.support.lessons import BANK

SPECIMENS = specimens(BANK)
FEW = [s for s in SPECIMENS if s.name in {"Weekend markets, A1", "Weekend markets, B1"}]
KINDS = {kind.name: kind for kind in (*corruptions(SPECIMENS), *UNSEEN)}
MARKETS = next(s for s in SPECIMENS if s.name == "Weekend markets, B1")


def made(name: str, specimen: Specimen = MARKETS) -> Lesson:
    """Return a lesson corrupted in one way."""
    return next(corrupted(specimen, KINDS[name]))


def changes(before: Lesson, after: Lesson) -> set[str]:
    """Return the sections that differ."""
    return {name for name, content in before.contents.items() if after.contents[name] != content}


def text(lesson: Lesson) -> str:
    content = lesson.contents["reading"]
    assert isinstance(content, Reading)
    return "\n".join(content.paragraphs)


def items(lesson: Lesson) -> list[Item]:
    content = lesson.contents["comprehension"]
    assert isinstance(content, Comprehension)
    return content.items


def changed_items(name: str, specimen: Specimen = MARKETS) -> Iterator[tuple[Item, Item]]:
    """Yield the questions of the intact and of a corrupted lesson that differ."""
    pairs = zip(items(specimen.lesson), items(made(name, specimen)), strict=True)
    return ((before, after) for before, after in pairs if before != after)


def test_every_kind_has_a_name_of_its_own_and_all_but_the_unseen_a_check():
    seen = corruptions(SPECIMENS)

    assert len(KINDS) == len(seen) + len(UNSEEN)
    assert all(kind.checks for kind in seen)
    assert not any(kind.checks for kind in UNSEEN)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_corruption_is_the_same_each_time_and_changes_only_what_it_says(kind: Corruption):
    for specimen in FEW:
        lessons = list(corrupted(specimen, kind))

        assert lessons == list(corrupted(specimen, kind))
        for lesson in lessons:
            assert lesson != specimen.lesson
            assert changes(specimen.lesson, lesson) <= set(kind.sections)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_corrupted_section_is_still_valid_by_its_model(kind: Corruption):
    for lesson in corrupted(MARKETS, kind):
        for content in lesson.contents.values():
            assert type(content).model_validate(content.model_dump()) == content


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_applies_to_some_lesson(kind: Corruption):
    assert any(next(corrupted(specimen, kind), None) for specimen in SPECIMENS)


def test_a_kind_drawn_again_gives_another_lesson_or_none():
    lessons = list(corrupted(MARKETS, KINDS["wrong option in the key"]))

    assert len(lessons) > 1
    assert all(one != other for one, other in pairwise(lessons))


def test_a_fact_not_told_leaves_the_text_shorter_and_otherwise_as_it_was():
    before, after = text(MARKETS.lesson), text(made("key fact not told"))

    assert len(after) < len(before)
    assert all(line in before for line in after.replace(". ", ".\n").splitlines())


def test_a_number_changed_in_the_reading_changes_one_word():
    before, after = (text(x).split() for x in (MARKETS.lesson, made("number changed in reading")))

    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


def test_a_wrong_key_names_another_of_the_same_options():
    [(before, after)] = changed_items("wrong option in the key")

    assert after.options == before.options
    assert after.answer in after.options
    assert after.answer != before.answer


def test_a_key_always_in_one_place_has_the_same_options_and_answers():
    after = [item for item in items(made("key always in one place")) if item.options]

    assert len({item.options.index(item.answer) for item in after}) == 1
    for before, item in changed_items("key always in one place"):
        assert (sorted(item.options), item.answer) == (sorted(before.options), before.answer)


@pytest.mark.parametrize("name", [n for n in KINDS if n.startswith("two right")])
def test_a_second_right_option_takes_the_place_of_a_wrong_one(name: str):
    specimen = next(s for s in SPECIMENS if next(corrupted(s, KINDS[name]), None))

    for before, after in changed_items(name, specimen):
        assert after.answer == before.answer
        assert after.answer in after.options
        assert len(after.options) == len(before.options)


def test_a_stranger_in_the_reading_stands_where_somebody_of_the_cast_stood():
    before, after = (text(x).split() for x in (MARKETS.lesson, made("stranger in reading")))

    assert set(after) - set(before)
    assert len(set(before) ^ set(after)) <= 4


def test_a_target_word_not_used_stands_nowhere_in_the_reading():
    lesson = made("target word not used")
    gone = set(text(MARKETS.lesson).split()) - set(text(lesson).split())

    assert gone
    assert any(target.word[:4] in word for target in lesson.brief.target_words for word in gone)


def test_a_text_of_another_level_speaks_of_the_same_people():
    lesson = made("reading of another level, C1")
    strangers = {p.name for s in SPECIMENS for p in s.lesson.brief.cast} - {
        person.name for person in lesson.brief.cast
    }

    assert text(lesson) != text(MARKETS.lesson)
    assert not strangers & set(text(lesson).split())


def test_a_word_is_practised_twice_in_a_sentence_with_one_blank():
    content = made("word practised twice").contents["vocabulary"]
    assert isinstance(content, Vocabulary)
    answers = [item.answer for item in content.practice]

    assert len(answers) == len(set(answers)) + 1
    assert all(item.sentence.count("____") == 1 for item in content.practice)


def test_an_american_class_is_given_the_british_lesson_word_for_word():
    specimen = next(s for s in SPECIMENS if s.name == "Neighbours, A2")

    lesson = made("British for an American class", specimen)

    assert lesson.contents == specimen.lesson.contents
    assert lesson.request.variant == "American"


def test_an_empty_dialogue_says_nothing():
    content = made("empty dialogue").contents["dialogue"]

    assert isinstance(content, Dialogue)
    assert not any(turn.text.strip() for turn in content.turns)


def test_a_corruption_that_finds_nothing_to_change_makes_no_lesson():
    nothing = Corruption("nothing", ("any",), (), lambda _lesson, _rng: None, draws=3)
    same = Corruption("same", ("any",), (), lambda lesson, _rng: lesson, draws=3)

    assert not list(corrupted(MARKETS, nothing))
    assert not list(corrupted(MARKETS, same))


def test_random_numbers_of_a_corruption_come_from_its_names():
    drawn: list[float] = []

    def corrupt(_: Lesson, rng: Random) -> None:
        drawn.append(rng.random())

    for name in ("one", "one", "other"):
        list(corrupted(MARKETS, Corruption(name, ("any",), (), corrupt)))

    assert drawn[0] == drawn[1] != drawn[2]
