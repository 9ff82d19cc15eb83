"""The report for mail: all figures of some days as one HTML page, or as one CSV table."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from lessongen.analytics.changes import change_of
from lessongen.analytics.charts import Cell, Chart, charts
from lessongen.analytics.csv_text import csv_text
from lessongen.analytics.metrics import METRICS, Metric, metric_of
from lessongen.analytics.sentences import days_told
from lessongen.analytics.values import Compared, Figures
from lessongen.analytics.wording import percent, with_unit
from lessongen.store.figures.filters import Filters
from lessongen.wording import UNKNOWN, counted, day_name

_HEADER = ("part", "what", "measure", "value")
_LONGEST_TABLE = 70
"""A table of more rows, such as one by day for a year, is left to the CSV."""
_UNBROKEN = len("2026-11-30")
"""A text so short stays on one line: a day has hyphens, at which it would be broken."""
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
</head>
<body style="margin:0;background:#ffffff;color:#1f2933;font:15px/1.5 Arial,Helvetica,sans-serif">
<div style="max-width:760px;margin:0 auto;padding:24px 16px">
{body}
</div>
</body>
</html>
"""
_CELL = "padding:4px 10px 4px 0;border-bottom:1px solid #d9dee3;vertical-align:top"
_QUIET = "color:#52606d;font-size:13px"


def html_report(found: Figures) -> str:
    """Return the report as a page of its own: no script, nothing to load, styles in place."""
    title = f"LessonGen: {_period(found.filters)}"
    parts = [f'<h1 style="font-size:22px;margin:0">{escape(_title(found.filters))}</h1>']
    parts.append(_paragraph(_about(found), quiet=True))
    if found.empty:
        parts.append(_paragraph(_nothing(found.filters)))
    else:
        parts.append(_headline(found))
        parts.extend(_chart(chart) for chart in charts(found))
    return _PAGE.format(title=escape(title), body="\n".join(parts))


def csv_report(found: Figures) -> str:
    """Return the report as one table in which every line is one figure."""
    filters = found.filters
    about: list[tuple[Cell, ...]] = [
        ("report", "period", "first day", f"{filters.first}"),
        ("report", "period", "last day", f"{filters.last}"),
        ("report", "lessons", "kind", _kind(filters)),
    ]
    if found.empty:
        about.append(("report", "note", "", _nothing(filters)))
    lines = (line for chart in charts(found) for line in _chart_lines(chart))
    return csv_text([_HEADER, *about, *_headline_lines(found), *lines])


def _headline_lines(found: Figures) -> Iterator[tuple[Cell, ...]]:
    for metric, figure in _metrics(found):
        yield ("headline", metric.title, metric.unit, figure.value)
        yield ("headline", metric.title, f"{metric.unit} in the period before", figure.before)
        yield ("headline", metric.title, f"number of {metric.of}s", figure.count)
        yield ("headline", metric.title, "definition", metric.definition)


def _chart_lines(chart: Chart) -> Iterator[tuple[Cell, ...]]:
    for row in chart.rows:
        names = _names(row)
        what = ", ".join(str(cell) for cell in row[:names])
        for measure, value in zip(chart.header[names:], row[names:], strict=True):
            yield (chart.title, what, measure, value)


def _names(row: Sequence[Cell]) -> int:
    """Return how many cells of a row name what it is about; the first one always does."""
    return 1 + sum(isinstance(cell, str) for cell in row[1:])


def _metrics(found: Figures) -> Iterator[tuple[Metric, Compared]]:
    for key in METRICS:
        yield metric_of(key, found.filters), getattr(found.headline, key)


def _headline(found: Figures) -> str:
    rows = (
        f'<tr><td style="{_CELL}"><strong>{escape(metric.title)}</strong>'
        f'<div style="{_QUIET}">{escape(metric.definition)}</div></td>'
        f'<td style="{_CELL};white-space:nowrap"><strong>'
        f"{escape(with_unit(figure.value, metric.unit))}</strong></td>"
        f'<td style="{_CELL};white-space:nowrap">{escape(with_unit(figure.before, metric.unit))}'
        f'<div style="{_QUIET}">{escape(_change(metric, figure))}</div></td></tr>'
        for metric, figure in _metrics(found)
    )
    return _table(("", "these days", "the days before"), rows)


def _change(metric: Metric, figure: Compared) -> str:
    change = change_of(figure, metric.unit)
    if change is None:
        return ""
    return "as before" if change.same else f"{change.much} {'more' if change.rose else 'less'}"


def _chart(chart: Chart) -> str:
    title = f'<h2 style="font-size:17px;margin:28px 0 4px">{escape(chart.title)}</h2>'
    parts = [title, _paragraph(chart.definition, quiet=True), _paragraph(chart.sentence)]
    if len(chart.rows) > _LONGEST_TABLE:
        parts.append(_paragraph("The table is too long for a mail; the CSV has it.", quiet=True))
    elif chart.rows:
        parts.append(_table(_columns(chart), map(_row, _turned(chart))))
    return "\n".join(parts)


def _turned(chart: Chart) -> Sequence[Sequence[str]]:
    """Return a table as text; one with many columns is turned, so that it fits a mail."""
    rows = [[_cell(cell, name) for cell, name in _cells(chart, row)] for row in chart.rows]
    if not _is_wide(chart):
        return rows
    return [list(column) for column in zip(chart.header, *rows, strict=True)][1:]


def _cells(chart: Chart, row: Sequence[Cell]) -> Iterable[tuple[Cell, str]]:
    return zip(row, chart.header, strict=True)


def _columns(chart: Chart) -> Sequence[str]:
    return ["", *(str(row[0]) for row in chart.rows)] if _is_wide(chart) else chart.header


def _is_wide(chart: Chart) -> bool:
    return len(chart.header) > 8  # noqa: PLR2004 (columns that fit a mail)


def _row(cells: Sequence[str]) -> str:
    drawn = (f'<td style="{_style(cell)}">{escape(cell)}</td>' for cell in cells)
    return f"<tr>{''.join(drawn)}</tr>"


def _style(cell: str) -> str:
    return f"{_CELL};white-space:nowrap" if len(cell) <= _UNBROKEN else _CELL


def _table(header: Sequence[str], rows: Iterable[str]) -> str:
    heads = "".join(
        f'<th scope="col" style="{_CELL};text-align:left">{escape(head)}</th>' for head in header
    )
    style = "border-collapse:collapse;width:100%;font-size:14px"
    table = f'<table style="{style}"><tr>{heads}</tr>{"".join(rows)}</table>'
    return f'<div style="overflow-x:auto">{table}</div>'  # on a phone, a wide one scrolls


def _cell(cell: Cell, name: str) -> str:
    """Return a cell as people read it; the name of its column says what it is."""
    match cell:
        case None:
            return UNKNOWN
        case str():
            return cell
        case float() if name.startswith("share"):
            return percent(cell)
        case float() if "dollars" in name:
            return with_unit(cell, "dollars")
        case float():
            return f"{cell:,.1f}"
        case _:
            return f"{cell:,}"


def _paragraph(text: str, *, quiet: bool = False) -> str:
    return f'<p style="margin:4px 0 10px;{_QUIET if quiet else ""}">{escape(text)}</p>'


def _title(filters: Filters) -> str:
    return f"{_kind(filters).capitalize()}, {_period(filters)}"


def _kind(filters: Filters) -> str:
    return "sample lessons" if filters.sample else "lessons"


def _period(filters: Filters) -> str:
    return f"{day_name(filters.first)} to {day_name(filters.last)}"


def _about(found: Figures) -> str:
    before = found.filters.period_before()
    days = counted(before.days, "day")
    return (
        f"{days} of UTC, compared with the {days} before, {_period(before)}.{days_told(found)} "
        "A lesson counts on the day it was asked for, once it has ended."
    )


def _nothing(filters: Filters) -> str:
    return f"There is nothing to report yet: no {_kind(filters)[:-1]} of these days has ended."
