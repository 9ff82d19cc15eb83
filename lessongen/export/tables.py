"""Tables before they are drawn: even rows, words as a table, how wide columns want to be."""

from collections.abc import Sequence
from math import sqrt

from lessongen.export.text import one_line
from lessongen.lesson.blocks import Table, WordEntry, Words

WORDS_HEADER = ("Word", "Type", "Meaning", "Example")

_LONGEST_WORD = 24
_ROWS_KEPT_TOGETHER, _TEXT_KEPT_TOGETHER = 13, 1500  # with the header; characters


def even_rows(block: Table) -> list[list[str]]:
    """Return header and rows, each cell on one line, each row as long as the longest."""
    rows = [[one_line(cell) for cell in row] for row in (block.header, *block.rows)]
    columns = max(map(len, rows))
    return [row + [""] * (columns - len(row)) for row in rows] if columns else []


def words_table(block: Words) -> Table:
    """Return words as a table without their sounds: each format has its own place for those."""
    return Table(WORDS_HEADER, tuple(map(_row, block.entries)))


def stays_whole(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether a table belongs on one page: a list of words is looked up again and again.

    It takes a third of a page at most, so that no more is left empty where it does not fit.
    """
    text = sum(len(cell) for row in rows for cell in row)
    return len(rows) <= _ROWS_KEPT_TOGETHER and text <= _TEXT_KEPT_TOGETHER


def column_weights(rows: Sequence[Sequence[str]], below_first: Sequence[str] = ()) -> list[float]:
    """Say how wide columns want to be: room for the longest word, then more for longer texts.

    Sounds stand below the texts of the first column, each on one line.
    """
    weights = [max(map(_weight, column)) for column in zip(*rows, strict=True)]
    longest = max(map(len, below_first), default=0)
    return [max(weight, _room(longest)) if i == 0 else weight for i, weight in enumerate(weights)]


def _row(entry: WordEntry) -> tuple[str, ...]:
    return (entry.word, entry.part_of_speech, entry.meaning, entry.example)


def _weight(cell: str) -> float:
    longest_word = max((len(word) for word in cell.split()), default=1)
    return max(_room(longest_word), 3.5 * sqrt(len(cell)))


def _room(letters: int) -> float:
    return min(letters, _LONGEST_WORD) * 1.1 + 3
