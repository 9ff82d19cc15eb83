"""Check `sounds`: phonetic script and stress are the dictionary's, never a model's guess."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lessongen.lesson.lesson import Lesson
from lessongen.lesson.request import Variant
from lessongen.lesson.section import SectionContent
from lessongen.lesson.sections.pronunciation import Pronunciation, SpokenWord
from lessongen.lesson.sections.vocabulary import Entry, Vocabulary
from lessongen.quality.dictionary import agrees, sound
from lessongen.quality.drills import misplaced
from lessongen.quality.findings import Finding
from lessongen.quality.parts import quoted

_CHECK = "sounds"


def with_sounds(
    section_name: str,
    content: SectionContent,
    variant: Variant,
    parts_of_speech: Mapping[str, str] | None = None,
) -> SectionContent:
    """Fill in how words are said, from the dictionary; empty where it does not know a word.

    `parts_of_speech` are those of the words that the lesson teaches, for words of the
    pronunciation stage, which come without: the noun or the verb “record”.
    """
    match section_name, content:
        case "vocabulary", Vocabulary():
            entries = [_with_script(entry, variant) for entry in content.entries]
            return content.model_copy(update={"entries": entries})
        case "pronunciation", Pronunciation():
            known = parts_of_speech or {}
            words = [
                _with_script_and_stress(word, variant, known.get(word.word, ""))
                for word in content.words
            ]
            return content.model_copy(update={"words": words})
        case _:
            return content


def _with_script(entry: Entry, variant: Variant) -> Entry:
    said = sound(entry.word, variant, entry.part_of_speech)
    return entry.model_copy(update={"ipa": said.ipa if said else ""})


def _with_script_and_stress(word: SpokenWord, variant: Variant, part_of_speech: str) -> SpokenWord:
    said = sound(word.word, variant, part_of_speech)
    return word.model_copy(
        update={"ipa": said.ipa if said else "", "stress": said.stress if said else ""}
    )


@dataclass(frozen=True, slots=True)
class _Said:
    word: str
    part_of_speech: str = ""
    ipa: str = ""
    stress: str = ""


def sounds(lesson: Lesson) -> Iterator[Finding]:
    """Find script and stress that are not the dictionary's, and words it does not know."""
    variant = lesson.request.variant
    for section, content in lesson.contents.items():
        words = [word for word in _said(content) if word.word.strip()]
        known = [word for word in words if sound(word.word, variant, word.part_of_speech)]
        unknown = [word for word in words if word not in known]
        yield from _wrong(section, known, variant)
        yield from _unknown(section, [word.word for word in unknown if not word.ipa])
        yield from _unverified(section, [word.word for word in unknown if word.ipa])
        if isinstance(content, Pronunciation):
            yield from misplaced(content, variant)


def _said(content: SectionContent) -> list[_Said]:
    match content:
        case Vocabulary():
            return [_Said(e.word, e.part_of_speech, e.ipa) for e in content.entries]
        case Pronunciation():
            return [_Said(w.word, "", w.ipa, w.stress) for w in content.words]
        case _:
            return []


def _wrong(section: str, known: Sequence[_Said], variant: Variant) -> Iterator[Finding]:
    wrong = [
        word
        for word in known
        if not agrees(word.word, variant, word.part_of_speech, ipa=word.ipa, stress=word.stress)
    ]
    if wrong:
        listed = "; ".join(_correction(word, variant) for word in wrong)
        sentence = f"The dictionary of {variant} English gives another pronunciation: {listed}."
        yield Finding(section, _CHECK, "fault", sentence, tuple(word.word for word in wrong))


def _correction(word: _Said, variant: Variant) -> str:
    said = sound(word.word, variant, word.part_of_speech)
    return f"{word.word} {said.ipa} {said.stress}" if said else word.word


def _unknown(section: str, words: Sequence[str]) -> Iterator[Finding]:
    if words:
        sentence = (
            f"The pronouncing dictionary does not have {quoted(words)}. Please check the sound."
        )
        yield Finding(section, _CHECK, "note", sentence, tuple(words))


def _unverified(section: str, words: Sequence[str]) -> Iterator[Finding]:
    if words:
        sentence = (
            f"The pronouncing dictionary does not have {quoted(words)}. "
            "Please check the phonetic script."
        )
        yield Finding(section, _CHECK, "note", sentence, tuple(words))
