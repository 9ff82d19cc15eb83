"""The words of a lesson as an Anki deck: one card a word to recognise it, and one to say it."""

import sqlite3
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from html import escape
from io import BytesIO
from itertools import count

import genanki

from lessongen.errors import RequestError
from lessongen.export.text import one_line
from lessongen.lesson.blocks import BLANK, Copy, WordEntry, Words
from lessongen.lesson.lesson import Lesson
from lessongen.quality.text import same_word, words

# For ever the same: Anki knows by it that decks of different lessons hold the same kind of note.
_MODEL_ID = 1_607_392_319
_FIELDS = ("Word", "Sound", "Type", "Meaning", "Example", "Gapped")
_SIDES = (
    (
        "Recognise it",
        "<b>{{Word}}</b><br>{{Sound}}",
        "{{FrontSide}}<hr id=answer>{{Meaning}}<br><i>{{Type}}</i><br><br>{{Example}}",
    ),
    (
        "Say it",
        "{{Meaning}}<br><i>{{Type}}</i><br><br>{{Gapped}}",
        "{{FrontSide}}<hr id=answer><b>{{Word}}</b><br>{{Sound}}",
    ),
)
_CSS = ".card { font-family: sans-serif; font-size: 20px; text-align: center; line-height: 1.4; }"


def has_words(lesson: Lesson) -> bool:
    """Say whether a lesson has words to learn."""
    return next(_entries(lesson), None) is not None


def as_anki(lesson: Lesson, copy: Copy) -> bytes:  # noqa: ARG001 - as every export is called
    """Write the words of a lesson as an Anki package; both copies are the same.

    Importing it again changes the notes that are there, and learners keep their progress.

    Raises:
        RequestError: where the lesson has no words to learn.
    """
    entries = list(_entries(lesson))
    if not entries:
        raise RequestError("This lesson has no words to learn, so there is no Anki deck.")
    name = f"{one_line(lesson.request.topic)} ({lesson.request.level})"
    title = one_line(lesson.brief.title)
    deck = genanki.Deck(_number(f"{name} {title}"), name)
    model = genanki.Model(
        _MODEL_ID,
        "LessonGen word",
        fields=[{"name": field} for field in _FIELDS],
        templates=[{"name": n, "qfmt": front, "afmt": back} for n, front, back in _SIDES],
        css=_CSS,
    )
    for entry in entries:
        guid = genanki.guid_for(name, title, one_line(entry.word))
        deck.add_note(genanki.Note(model, fields=_fields(entry), guid=guid))
    return _packed(genanki.Package(deck))


def gapped(sentence: str, phrase: str) -> str:
    """Return an example with its word blanked in whatever form it stands there.

    Empty where the word is not found: a card must not show what it asks for.
    """
    asked = words(phrase)
    hidden = {w for w in words(sentence) if any(same_word(w, part) for part in asked)}
    if not asked or not any(same_word(word, asked[0]) for word in hidden):
        return ""
    for word in sorted(hidden, key=len, reverse=True):
        sentence = _blanked(sentence, word)
    return sentence


def _blanked(sentence: str, word: str) -> str:
    """Replace a word wherever it stands whole; apostrophes may be curly in the sentence."""
    shown, at = sentence.replace("’", "'"), 0
    while (at := shown.find(word, at)) >= 0:
        end = at + len(word)
        alone = not (shown[at - 1 : at].isalnum() or shown[end : end + 1].isalnum())
        if alone:
            sentence = sentence[:at] + BLANK + sentence[end:]
            shown = shown[:at] + BLANK + shown[end:]
        at += len(BLANK) if alone else len(word)
    return sentence


def _entries(lesson: Lesson) -> Iterator[WordEntry]:
    blocks = (block for laid_out in lesson.laid_out("student") for block in laid_out.blocks)
    for block in blocks:
        if isinstance(block, Words):
            yield from (entry for entry in block.entries if one_line(entry.word))


def _fields(entry: WordEntry) -> Sequence[str]:
    example = one_line(entry.example)
    texts = (entry.word, entry.ipa, entry.part_of_speech, entry.meaning, example)
    # Square brackets and braces mean something to Anki: sounds, LaTeX and fields.
    return [
        escape(one_line(text)).translate({ord(sign): f"&#{ord(sign)};" for sign in "[]{}\\"})
        for text in (*texts, gapped(example, one_line(entry.word)))
    ]


def _number(text: str) -> int:
    """Return a number for a text as Anki's ids have it: always the same, below 2 to the 31st."""
    return int.from_bytes(sha256(text.encode()).digest()[:4], "big") >> 1


def _packed(package: genanki.Package) -> bytes:
    """Pack a deck as genanki does, whose own way leaves a temporary file behind (0.13.1)."""
    now, file = time.time(), BytesIO()
    with closing(sqlite3.connect(":memory:")) as connection:
        package.write_to_db(connection.cursor(), now, count(int(now * 1000)))
        connection.commit()
        collection = connection.serialize()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("collection.anki2", collection)
        packed.writestr("media", "{}")
    return file.getvalue()
