import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.lesson.brief import (
    MAX_WORDS,
    Brief,
    CastMember,
    GrammarTarget,
    TargetWord,
    local_brief,
)
from lessongen.lesson.names import POOL, Pronoun, chosen_names, first_name
from lessongen.lesson.settling import settled
from tests.support.lessons import request_on

NAMES = chosen_names("a lesson")


def brief_with(**changes: object) -> Brief:
    return local_brief(request_on(), NAMES).model_copy(update=changes)


def words(*texts: str) -> list[TargetWord]:
    return [TargetWord(word=text, part_of_speech="noun", meaning="") for text in texts]


def taught(brief: Brief) -> list[str]:
    return [target.word for target in brief.target_words]


@given(st.text())
def test_the_people_of_a_lesson_come_from_as_many_regions_and_are_women_and_men(seed: str):
    names = chosen_names(seed)

    assert len({name.region for name in names}) == len(names) == 4
    assert sorted(name.pronoun for name in names) == ["he", "he", "she", "she"]


def test_the_same_lesson_gets_the_same_people_and_others_get_others():
    casts = {tuple(n.name for n in chosen_names(f"lesson {i}")) for i in range(50)}

    assert chosen_names("a lesson") == NAMES
    assert len(casts) == 50


def test_no_name_is_in_the_pool_twice():
    regions = {name.region for name in POOL.values()}

    assert len(POOL) >= 120
    assert len(regions) >= 12
    assert all(" " not in name and first_name(name) == name for name in POOL)


def test_a_name_from_outside_the_pool_is_replaced_wherever_the_brief_says_it():
    brief = brief_with(
        title="Elara’s Lamp",
        cast=[CastMember(name="Elara Voss", role="makes lamps"), CastMember(name="Kofi", role="")],
        key_facts=["Elara sold a lamp.", "Elaraville is a town."],
    )

    after = settled(brief, request_on(), NAMES)

    name = first_name(after.cast[0].name)
    assert name in {candidate.name for candidate in NAMES}
    assert after.cast[0].name == f"{name} Voss"
    assert after.title == f"{name}’s Lamp"
    assert after.key_facts == [f"{name} sold a lamp.", "Elaraville is a town."]
    assert after.cast[1].name == "Kofi"


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("The baker", "The shop opened early."),
        ("Mr Brown", "Mr Green met Mr Brown."),
        ("May Lee", "The shop opened on 3 May."),
        ("British tourist", "A British tourist came."),
        ("a 7-year-old", "She is a 7-year-old."),
    ],
)
def test_what_is_not_only_a_name_stays(name: str, fact: str):
    brief = brief_with(cast=[CastMember(name=name, role="")], key_facts=[fact])

    after = settled(brief, request_on(), NAMES)

    assert (after.cast[0].name, after.key_facts, after.variant) == (name, [fact], "British")


def test_people_whom_the_teacher_names_keep_their_names():
    brief = brief_with(cast=[CastMember(name="Elara", role="")], key_facts=["Elara sells bread."])

    noted = settled(brief, request_on(notes="My colleague Elara is in it"), NAMES)
    own = settled(brief, request_on(own_text="Elara sells bread."), NAMES)

    assert noted.key_facts == own.key_facts == ["Elara sells bread."]


def test_a_name_that_would_not_fit_stays():
    fact = f"Al {'x' * 297}"
    brief = brief_with(cast=[CastMember(name="Al", role="")], key_facts=[fact])

    assert settled(brief, request_on(), NAMES).key_facts == [fact]


@pytest.mark.parametrize(("name", "pronoun"), [("Kofi Mensah", "he"), ("Devi", "she")])
def test_people_have_the_pronoun_of_their_name(name: str, pronoun: Pronoun):
    brief = brief_with(cast=[CastMember(name=name, role="")])

    assert settled(brief, request_on(), NAMES).cast[0].pronoun == pronoun


def test_where_names_run_out_the_last_people_keep_theirs():
    cast = [CastMember(name=f"Zorblax{letter}", role="") for letter in "abcdef"]

    after = settled(brief_with(cast=cast), request_on(), NAMES)

    assert sum(first_name(person.name) in POOL for person in after.cast) == len(NAMES)


def test_the_words_that_the_teacher_brought_are_taught_and_come_first():
    brief = brief_with(target_words=words("stall", "fee"))

    after = settled(brief, request_on(own_words="haggle, Stall"), NAMES)

    assert taught(after) == ["haggle", "stall", "fee"]
    assert after.target_words[1].part_of_speech == "noun"


def test_no_word_that_the_teacher_brought_is_lost_wherever_a_model_puts_it():
    brought = [f"own{n}" for n in range(MAX_WORDS)]
    others = [f"other{n}" for n in range(MAX_WORDS - 2)]
    brief = brief_with(target_words=words(*others, *brought[:2]))

    after = settled(brief, request_on(own_words=brought), NAMES)

    assert taught(after) == brought


def test_a_local_brief_does_not_teach_what_the_class_knows_either():
    brief = local_brief(request_on(own_words="stall, fee", known_words="Stall"), NAMES)

    assert taught(brief) == ["fee"]


def test_words_that_the_class_knows_are_not_taught_again():
    brief = brief_with(target_words=words("stall", "Fee", "haggle"))

    after = settled(brief, request_on(known_words="fee; STALL"), NAMES)

    assert taught(after) == ["haggle"]


def test_there_are_never_more_words_than_a_brief_may_hold():
    brief = brief_with(target_words=words(*(f"word{index}" for index in range(MAX_WORDS))))

    after = settled(brief, request_on(own_words="haggle, stall"), NAMES)

    assert len(after.target_words) == MAX_WORDS
    assert taught(after)[:2] == ["haggle", "stall"]


def test_the_brief_carries_the_spelling_that_was_asked_for():
    assert settled(brief_with(), request_on(variant="American"), NAMES).variant == "American"


def test_a_brief_from_before_targets_had_parts_can_still_be_read():
    stored = brief_with().model_dump() | {"grammar_target": "used to: used to + infinitive"}

    assert Brief.model_validate(stored).grammar_target == GrammarTarget(
        structure="used to", pattern="used to + infinitive", marker=""
    )


def test_a_local_brief_teaches_what_the_teacher_brought():
    brief = local_brief(request_on(own_words="stall", grammar="so and such"), NAMES)

    assert taught(brief) == ["stall"]
    assert brief.grammar_target.structure == "so and such"


def test_a_brief_is_bounded_however_much_a_model_writes():
    schema = Brief.model_json_schema()

    assert len(json.dumps(filled(schema, schema))) < 16_000


def filled(part: dict[str, Any], schema: dict[str, Any]) -> Any:
    """Return the largest value that a schema allows; fails where something has no bound."""
    if "$ref" in part:
        return filled(schema["$defs"][part["$ref"].rsplit("/", 1)[1]], schema)
    if "enum" in part:
        return max(part["enum"], key=len)
    if part.get("type") == "object":
        return {name: filled(field, schema) for name, field in part["properties"].items()}
    if part.get("type") == "array":
        return [filled(part["items"], schema)] * part["maxItems"]
    return "x" * part["maxLength"]
