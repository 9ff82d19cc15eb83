"""Corruptions of the options of questions on the text, and of which one is right."""

import re
from collections.abc import Callable
from random import Random
from typing import Any

from lessongen.benchmark.quality.corruption import Corruption
from lessongen.benchmark.quality.editing import Item, questions, with_item, word_pattern
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.names import first_name


def _one(lesson: Lesson, rng: Random) -> tuple[int, Item] | None:
    items = questions(lesson, choice=True)
    return rng.choice(items) if items else None


def _with(lesson: Lesson, place: int, **fields: Any) -> Lesson:
    return with_item(lesson, "comprehension", "items", place, fields)


def _distractors(item: Item) -> list[int]:
    return [i for i, option in enumerate(item["options"]) if option != item["answer"]]


def wrong_key(lesson: Lesson, rng: Random) -> Lesson | None:
    """Name a wrong option in the key."""
    if (chosen := _one(lesson, rng)) is None:
        return None
    place, item = chosen
    return _with(lesson, place, answer=item["options"][rng.choice(_distractors(item))])


def key_by_letter(lesson: Lesson, rng: Random) -> Lesson | None:
    """Write the letter of the right option into the key."""
    if (chosen := _one(lesson, rng)) is None:
        return None
    place, item = chosen
    letter = "ABCD"[item["options"].index(item["answer"])]
    return _with(lesson, place, answer=rng.choice([letter, f"{letter})", f"Option {letter}"]))


def key_reworded(lesson: Lesson, rng: Random) -> Lesson | None:
    """Write an answer into the key that is none of the options."""
    if (chosen := _one(lesson, rng)) is None:
        return None
    place, item = chosen
    words = item["answer"].rstrip(".").split()
    shorter = " ".join(words[: max(1, len(words) // 2)])
    longer = f"{' '.join(words)}, as the text says."
    return _with(lesson, place, answer=rng.choice([shorter, longer]))


def key_in_one_place(lesson: Lesson, rng: Random) -> Lesson | None:
    """Put every right option in the same place."""
    choices = questions(lesson, choice=True)
    if len(choices) < 3:  # noqa: PLR2004 - two may fall together by chance
        return None
    where = rng.randrange(min(len(item["options"]) for _, item in choices))
    for place, item in choices:
        options = [option for option in item["options"] if option != item["answer"]]
        options.insert(where, item["answer"])
        lesson = _with(lesson, place, options=options)
    return lesson


def all_of_the_above(lesson: Lesson, rng: Random) -> Lesson | None:
    """Offer an option about the other options."""
    catch_all = rng.choice(
        [
            "All of the above",
            "None of the above.",
            "Both A and B",
            "All of these are right.",
            "All three are correct.",
            "None of these answers",
            "Both answers are possible.",
        ]
    )
    return _with_distractor(lesson, rng, lambda _: catch_all)


def reordered_key(lesson: Lesson, rng: Random) -> Lesson | None:
    """Offer the right option a second time, with its parts in another order."""

    def other_order(item: Item) -> str:
        words = item["answer"].rstrip(".").split()
        half = len(words) // 2
        turned = " ".join([*words[half:], *words[:half]])
        return turned[:1].upper() + turned[1:] + ("." if item["answer"].endswith(".") else "")

    return _with_distractor(lesson, rng, other_order, fewest_words=3)


def longer_key(lesson: Lesson, rng: Random) -> Lesson | None:
    """Offer the right option a second time, with something harmless added."""
    added = rng.choice(
        ["really", "that day", "as usual", "in the story", "once more", "in the end"]
    )

    def longer(item: Item) -> str:
        answer = item["answer"].rstrip(".")
        return f"{answer} {added}" + ("." if item["answer"].endswith(".") else "")

    return _with_distractor(lesson, rng, longer)


def paraphrased_key(lesson: Lesson, rng: Random) -> Lesson | None:
    """Offer the right option a second time, in other words that mean the same."""

    def in_other_words(item: Item) -> str:
        known = [(old, new) for old, new in _SAME if re.search(old, item["answer"])]
        old, new = rng.choice(known) if known else ("(?!)", "")
        return re.sub(old, new, item["answer"], count=1)

    return _with_distractor(lesson, rng, in_other_words)


def named_key(lesson: Lesson, rng: Random) -> Lesson | None:
    """Offer the right option a second time, with a name for “he” or “she”, or the reverse."""
    cast = [first_name(person.name) for person in lesson.brief.cast]

    def with_name(item: Item) -> str:
        asked = [name for name in cast if word_pattern(name).search(item["question"])]
        said = [name for name in cast if item["answer"].startswith(f"{name} ")]
        if said:
            return rng.choice(["He", "She"]) + item["answer"].removeprefix(said[0])
        if len(asked) != 1:  # of two, “she” may be the other
            return item["answer"]
        return re.sub(r"^(?:He|She)\b", asked[0], item["answer"])

    return _with_distractor(lesson, rng, with_name)


def repeated_option(lesson: Lesson, rng: Random) -> Lesson | None:
    """Offer one wrong option twice."""
    if (chosen := _one(lesson, rng)) is None:
        return None
    place, item = chosen
    wrong = _distractors(item)
    if len(wrong) < 2:  # noqa: PLR2004 - one to copy, one to replace
        return None
    options = [*item["options"]]
    options[wrong[1]] = options[wrong[0]].rstrip(".")
    return _with(lesson, place, options=options)


def evidence_as_option(lesson: Lesson, rng: Random) -> Lesson | None:
    """Offer the proof of the right option as a wrong one: what the text says to this question."""
    return _with_distractor(lesson, rng, lambda item: item["evidence"])


def _with_distractor(
    lesson: Lesson, rng: Random, write: Callable[[Item], str], fewest_words: int = 1
) -> Lesson | None:
    """Write another option in the place of a wrong one, in a question where that can be done."""
    choices = [
        (place, item, written)
        for place, item in questions(lesson, choice=True)
        if len(item["answer"].split()) >= fewest_words
        and (written := write(item)) not in item["options"]
    ]
    if not choices:
        return None
    place, item, written = rng.choice(choices)
    options = [*item["options"]]
    options[rng.choice(_distractors(item))] = written
    return _with(lesson, place, options=options)


def one_long_key(lesson: Lesson, rng: Random) -> Lesson | None:
    """Make every right option far longer than the wrong ones."""
    added = rng.choice(
        [
            ", which everybody who was there could see at once and nobody ever forgot",
            ", as anyone who has been in the same situation would certainly expect to hear",
        ]
    )
    for place, item in questions(lesson, choice=True):
        longer = item["answer"].rstrip(".") + added
        options = [longer if option == item["answer"] else option for option in item["options"]]
        lesson = _with(lesson, place, options=options, answer=longer)
    return lesson


_SAME = (
    (r"n’t\b|n't\b", " not"),
    (r"\bdid not\b", "didn’t"),
    (r"\bhad no\b", "did not have any"),
    (r"\bhas no\b", "does not have any"),
    (r"^To\b", "In order to"),
    (r"^(?:Because )(?=\w)", ""),
    (r"^(?=(?:he|she|it|they|the)\b)", "Because "),
    (r"\btwo\b", "2"),
    (r"\bthree\b", "3"),
    (r"\bten\b", "10"),
    (r"\bmany\b", "a lot of"),
    (r"\bvery\b", "really"),
    (r"\bbig\b", "large"),
    (r"\bspoke\b", "talked"),
    (r"\bgot\b", "received"),
    (r"(?<!the )\bonly\b", "just"),
    (r"\ba lot\b", "very much"),
    (r"\bwanted to\b", "would like to"),
    (r"\b(found|made|sold|asked|left)\b", r"had \1"),
    (r"\b(was|were) too\b", r"\1 much too"),
    (r"\bfour\b", "4"),
    (r"\btwenty\b", "20"),
)
"""What can be said otherwise, and how."""

_IN = ("comprehension",)

OPTIONS = (
    Corruption("wrong option in the key", ("grounding", "choices"), _IN, wrong_key, draws=3),
    Corruption("key by letter", ("choices",), _IN, key_by_letter),
    Corruption("key is no option", ("choices",), _IN, key_reworded, draws=2),
    Corruption("key always in one place", ("choices",), _IN, key_in_one_place),
    Corruption("all of the above", ("choices",), _IN, all_of_the_above, draws=2),
    Corruption("two right: key in another order", ("choices",), _IN, reordered_key),
    Corruption("two right: key with something added", ("choices",), _IN, longer_key),
    Corruption("two right: key in other words", ("choices",), _IN, paraphrased_key),
    Corruption("two right: key with a name", ("choices",), _IN, named_key),
    Corruption("two right: the proof as an option", ("choices",), _IN, evidence_as_option),
    Corruption("one option twice", ("choices",), _IN, repeated_option),
    Corruption("long right options", ("choices",), _IN, one_long_key),
)
