"""Tables as CSV that no spreadsheet takes for formulas."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from lessongen.analytics.charts import Cell, Chart

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins with one of these can be run: https://owasp.org/www-community/attacks/CSV_Injection"""


def csv_of(chart: Chart) -> str:
    """Return the data of a chart as CSV, with its header."""
    return csv_text([chart.header, *chart.rows])


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """Return rows as CSV; numbers stay numbers, and what is not known stays empty."""
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(map(safe_cell, row) for row in rows)
    return text.getvalue()


def safe_cell(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe makes it a text."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA_SIGNS):
        return f"'{cell}"
    return cell
