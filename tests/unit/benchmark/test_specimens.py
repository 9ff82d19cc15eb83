from random import Random

import pytest

from lessongen.benchmark.quality.corruption import Corruption
from lessongen.benchmark.quality.reworded import right_in_other_words
from lessongen.benchmark.quality.specimens import Specimen, specimens
from lessongen.benchmark.quality.trials import corrupted
from lessongen.benchmark.quality.variants import variants
from lessongen.lesson.sections import SECTIONS
from lessongen.lesson.sections.comprehension import Comprehension
from tests.support.lessons import BANK

SPECIMENS = specimens(BANK)
MARKETS = next(s for s in SPECIMENS if s.name == "Weekend markets, B1")


def test_every_sample_is_a_specimen_at_each_of_its_levels():
    assert len(SPECIMENS) == sum(len(sample.levels) for sample in BANK.samples)
    assert all(set(specimen.lesson.contents) == set(SECTIONS) for specimen in SPECIMENS)
    assert not any("{topic}" in str(specimen.lesson) for specimen in SPECIMENS)


def test_the_variants_of_a_lesson_are_the_same_each_time():
    first, second = (list(variants(MARKETS, Random(1))) for _ in range(2))

    assert first == second
    assert all(lesson != MARKETS.lesson for lesson in first)


@pytest.mark.parametrize("specimen", SPECIMENS[::4], ids=lambda s: s.name)
def test_a_variant_keeps_every_right_answer_among_its_options(specimen: Specimen):
    for lesson in variants(specimen, Random(1)):
        content = lesson.contents.get("comprehension")
        for item in content.items if isinstance(content, Comprehension) else ():
            assert not item.options or item.answer in item.options


def _applies(kind: Corruption) -> bool:
    return any(next(corrupted(specimen, kind), None) for specimen in SPECIMENS)


def test_answers_in_other_words_belong_to_questions_of_the_samples():
    found = [kind for kind in right_in_other_words() if _applies(kind)]

    assert len(found) >= 20


@pytest.mark.parametrize("seed", range(5))
def test_shuffled_options_are_still_right_in_more_than_one_place(seed: int):
    content = next(variants(MARKETS, Random(seed))).contents["comprehension"]

    assert isinstance(content, Comprehension)
    places = {item.options.index(item.answer) for item in content.items if item.options}
    assert len(places) > 1
