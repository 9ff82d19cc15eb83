import json
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.errors import RequestError
from lessongen.export.anki import as_anki, gapped
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.sections.vocabulary import Vocabulary
from tests.support.checking import changed, markets_lesson, sample_lessons, vocabulary_of


class Deck:
    """What Anki finds in a package."""

    def __init__(self, package: bytes, folder: Path) -> None:
        with zipfile.ZipFile(BytesIO(package)) as packed:
            assert packed.testzip() is None
            assert json.loads(packed.read("media")) == {}
            path = folder / "collection.anki2"
            path.write_bytes(packed.read("collection.anki2"))
        with closing(sqlite3.connect(path)) as collection:
            assert collection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            rows = collection.execute("SELECT guid, flds FROM notes ORDER BY id").fetchall()
            self.notes = {guid: fields.split("\x1f") for guid, fields in rows}
            [self.cards] = collection.execute("SELECT COUNT(*) FROM cards").fetchone()
            [decks] = collection.execute("SELECT decks FROM col").fetchone()
            self.names = [deck["name"] for deck in json.loads(decks).values()]


def one_word(**fields: str) -> Lesson:
    [entry, *_] = vocabulary_of(markets_lesson()).entries
    return changed(markets_lesson(), Vocabulary, entries=[entry.model_copy(update=fields)])


def test_each_word_becomes_a_note_with_two_cards(tmp_path: Path):
    lesson = markets_lesson()

    deck = Deck(as_anki(lesson, "student"), tmp_path)

    entries = vocabulary_of(lesson).entries
    assert [note[0] for note in deck.notes.values()] == [entry.word for entry in entries]
    assert deck.cards == 2 * len(entries)
    assert "Weekend markets (B1)" in deck.names


def test_importing_a_deck_again_changes_the_notes_that_are_there(tmp_path: Path):
    first = Deck(as_anki(markets_lesson(), "student"), tmp_path)
    mended = changed(
        markets_lesson(),
        Vocabulary,
        entries=[
            entry.model_copy(update={"definition": "another meaning"})
            for entry in vocabulary_of(markets_lesson()).entries
        ],
    )

    second = Deck(as_anki(mended, "teacher"), tmp_path)

    assert list(second.notes) == list(first.notes)
    assert all(note[3] == "another meaning" for note in second.notes.values())


def test_the_card_that_asks_for_a_word_does_not_show_it(tmp_path: Path):
    for lesson in sample_lessons():
        deck = Deck(as_anki(lesson, "student"), tmp_path)

        shown = [note for note in deck.notes.values() if note[5]]
        assert len(shown) >= len(deck.notes) - 1
        assert all("____" in note[5] for note in shown)
        assert not any(note[0].casefold() in note[5].casefold() for note in shown)


@pytest.mark.parametrize(
    ("sentence", "phrase", "hidden"),
    [
        ("Devi often sells out.", "sell out", "Devi often ____ ____."),
        ("She set it up at six.", "set up", "She ____ it ____ at six."),
        ("Fees rise; a fee’s a fee.", "fee", "____ rise; a ____ a ____."),
        ("The discounts are small.", "discount", "The ____ are small."),
        ("Nothing of it is here.", "profit", ""),
        ("", "profit", ""),
        ("A supermarket is no market.", "market", "A supermarket is no ____."),
    ],
)
def test_a_word_is_blanked_in_whatever_form_it_has(sentence: str, phrase: str, hidden: str):
    assert gapped(sentence, phrase) == hidden


def test_what_looks_like_html_or_like_a_field_of_anki_is_text(tmp_path: Path):
    odd = "<b>x</b> & [sound:a.mp3] {{Word}} \\(x\\)"

    deck = Deck(as_anki(one_word(word=odd, definition=odd), "student"), tmp_path)

    [note] = deck.notes.values()
    for field in (note[0], note[3]):
        assert not set("<>[]{}\\") & set(field)
        assert "&lt;b&gt;x&lt;/b&gt;" in field


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_word_can_be_put_on_a_card(word: str, example: str):
    lesson = one_word(word=f"a{word}"[:80], example=example)

    assert as_anki(lesson, "student")


def test_a_lesson_without_words_says_that_there_is_no_deck():
    lesson = markets_lesson()
    without = replace(lesson, contents={"warmup": lesson.contents["warmup"]})

    with pytest.raises(RequestError, match="no words to learn"):
        as_anki(without, "student")
