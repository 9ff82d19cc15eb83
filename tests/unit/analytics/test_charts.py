import csv
from dataclasses import fields, replace
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.analytics.charts import CHARTS, NOTHING_FITS, Cell, chart, charts
from lessongen.analytics.csv_text import csv_of, csv_text, safe_cell
from lessongen.analytics.metrics import METRICS, NOTHING_PAID
from lessongen.analytics.report import csv_report, html_report
from lessongen.analytics.values import (
    Compared,
    DayCosts,
    DayTimes,
    DayUse,
    Figures,
    GroupFigures,
    Headline,
    ModelErrors,
    ModelUse,
    ModelWaits,
    ReasonCount,
    ReasonUse,
    SectionScore,
    SectionStars,
    SectionSuccess,
    StarCount,
)
from lessongen.analytics.wording import NO_BREAK as N
from lessongen.analytics.wording import Unit, dollars, error_words, percent, seconds, with_unit
from lessongen.errors import ProviderError
from lessongen.store.figures.filters import Filters

DAY = date(2026, 11, 3)
FILTERS = Filters(date(2026, 11, 1), date(2026, 11, 30))
NONE = Compared(None)
EMPTY = Figures(FILTERS, Headline(Compared(0, 0), *[NONE] * 14))


def group(key: str, seconds: float | None = 20.0, saved: float | None = 0.0) -> GroupFigures:
    return GroupFigures(
        key, key, 10, 0.9, 9, seconds, 19.0, 30.0, 60.0, saved, 0.99, 0.02, 88.0, 4.2, 5
    )


FULL = Figures(
    FILTERS,
    Headline(
        lessons=Compared(1200, 1000, 1200),
        completed=Compared(0.975, 0.9, 1190),
        seconds=Compared(20.0, 40.0, 1100),
        p50=Compared(18.0, 38.0, 1100),
        p95=Compared(75.0, 90.0, 1100),
        success=Compared(0.9951, 0.99, 9000),
        errors=Compared(0.05, 0.04, 10_000, 9_000),
        cost=Compared(0.02, 0.02, 1200),
        stars=Compared(4.25, 4.0, 100),
        score=Compared(88.4, 87.0, 1100),
        saved=Compared(41.0, None, 900),
        fallbacks=Compared(0.02, 0.03, 11_000),
        repairs=Compared(0.01, 0.01, 11_000),
        queue=Compared(0.3, 0.3, 11_000),
        model=Compared(4.0, 4.1, 11_000),
    ),
    times=(DayTimes(DAY, 60, 25.0, 22.0, 70.0), DayTimes(FILTERS.last, 50, 15.0, 14.0, 30.0)),
    costs=(DayCosts(DAY, 60, 0.02, 1.2),),
    success=(
        SectionSuccess("reading", 100, 99, 0.99, None),
        SectionSuccess("warmup", 100, 100, 1.0, 0.9),
    ),
    models=(ModelUse("flash", 900, 0.9, 1, 2, 3.5, 4), ModelUse("lite", 100, 0.1, 1, 2, 0.5, 0)),
    use=(
        DayUse(DAY, "flash", 30, 2),
        DayUse(DAY, "lite", 3, 0),
        DayUse(FILTERS.last, "flash", 9, 5),
    ),
    errors=(ModelErrors("flash", "Throttled", 12, 900, 0.0133),),
    reasons=(ReasonUse("first", 90, 0.9), ReasonUse("second_pass", 10, 0.1)),
    waits=(ModelWaits("flash", 900, 0.3, 4.0),),
    stars=(StarCount(1, 2, 0.02), StarCount(5, 98, 0.98)),
    complaints=(ReasonCount("too hard", 3),),
    section_stars=(SectionStars("reading", 4, 4.5), SectionStars("warmup", 2, 3.0)),
    scores=(SectionScore("reading", "flash", 90, 92.4), SectionScore("reading", "lite", 9, 80.6)),
    modes=(group("parallel", 20.0, 40.0), group("sequential", 60.0)),
    cohorts=(group("in the rollout to 50 %"),),
    versions=(group("3"), group("4", 18.0)),
    days_before=30,
)


def test_every_figure_of_the_headline_has_a_definition_in_one_sentence():
    assert tuple(METRICS) == tuple(field.name for field in fields(Headline))
    assert all(metric.definition.endswith(".") for metric in METRICS.values())


@pytest.mark.parametrize("key", CHARTS)
def test_a_chart_without_data_says_what_will_be_there(key: str):
    chart = next(chart for chart in charts(EMPTY) if chart.key == key)

    assert chart.empty
    assert " be " in chart.sentence
    assert " here" in chart.sentence


@pytest.mark.parametrize("key", CHARTS)
def test_a_chart_with_data_has_rows_under_its_header_and_a_sentence_with_numbers(key: str):
    chart = next(chart for chart in charts(FULL) if chart.key == key)

    assert {len(row) for row in chart.rows} == {len(chart.header)}
    assert any(character.isdigit() for character in chart.sentence)
    assert chart.sentence.endswith(".")
    assert "None" not in chart.sentence


def test_sentences_say_what_somebody_who_cannot_see_the_chart_should_know():
    said = {chart.key: chart.sentence for chart in charts(FULL)}

    assert said["times"] == (
        f"1,100 complete lessons took 20.0{N}s on average, 18.0{N}s in the middle, and 95 of 100 "
        f"were done within 1{N}min{N}15{N}s. That is 50{N}% quicker than in the period before. "
        f"The slowest day was 3 November 2026 with 25.0{N}s on average."
    )
    assert said["success"] == (
        f"99.5{N}% of 9,000 sections were written; least often Reading, with 99.0{N}%."
    )
    assert said["costs"] == (
        "A lesson cost $0.020 on average, 1,200 lessons together $1.20. As in the period before."
    )
    assert said["errors"] == (
        f"5.0{N}% of 10,000 requests failed. That is 1.0{N}points more than in the period before. "
        f"Most frequent with one model: “too many requests” with flash, 12 times, 1.3{N}% of its "
        "requests."
    )
    assert "Sequential ones took 3.0 times as long." in said["modes"]
    assert "Most failed on 30 November 2026: 5." in said["use"]
    assert said["versions"].startswith(
        f"4 (10 lessons) against 3 (10 lessons): time 20.0{N}s before"
    )


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (1.0, f"100{N}%"),
        (0.99999, f"over 99.9{N}%"),
        (0.0, f"0{N}%"),
        (0.00001, f"under 0.1{N}%"),
        (0.5, f"50.0{N}%"),
    ],
)
def test_a_share_that_is_nearly_all_or_nothing_is_not_said_to_be_so(share: float, text: str):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "seconds", "–"),
        (59.94, "seconds", f"59.9{N}s"),
        (119.6, "seconds", f"2{N}min{N}0{N}s"),
        (1234.0, "lessons", "1,234"),
        (4.25, "stars", "4.2 of 5"),
        (88.4, "points", "88 of 100"),
        (0.0042, "dollars", "$0.0042"),
        (1234.5, "dollars", "$1,234.50"),
        (0.0, "dollars", "$0.00"),
    ],
)
def test_a_figure_is_shown_with_its_unit(value: float | None, unit: Unit, text: str):
    assert with_unit(value, unit) == text


def test_small_figures_are_told_with_as_many_places_as_they_need():
    assert (seconds(0.04), dollars(0.5)) == (f"0.0{N}s", "$0.500")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", " ="])
def test_a_text_that_a_spreadsheet_would_run_is_made_a_text(sign: str):
    assert safe_cell(f'{sign}HYPERLINK("x")') == f'\'{sign}HYPERLINK("x")'


@given(
    st.lists(st.lists(st.text() | st.floats() | st.integers() | st.none(), min_size=1), max_size=5)
)
def test_no_cell_of_a_csv_file_begins_like_a_formula_and_numbers_stay_numbers(
    rows: list[list[Cell]],
):
    text = csv_text(rows)

    for cells, row in zip(csv.reader(StringIO(text, newline="")), rows, strict=True):
        for cell, value in zip(cells, row, strict=True):
            if isinstance(value, str):
                assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
                assert cell.removeprefix("'") == value.removeprefix("'")
            else:
                assert cell == ("" if value is None else str(value))


def test_a_chart_is_handed_on_with_its_header():
    chart = next(chart for chart in charts(FULL) if chart.key == "errors")

    assert csv_of(chart) == (
        "model,what went wrong,class,failed,answered or failed,share\r\n"
        "flash,too many requests,Throttled,12,900,0.0133\r\n"
    )


def test_a_report_says_its_days_its_definitions_and_every_figure():
    page = html_report(FULL)

    assert "Lessons, 1 November 2026 to 30 November 2026" in page
    assert "2 October 2026 to 31 October 2026" in page
    for metric in METRICS.values():
        assert metric.definition in page
    for shown in charts(FULL):
        assert shown.title in page
    assert f"97.5{N}%" in page


def test_a_report_runs_nothing_and_loads_nothing():
    page = html_report(FULL)

    for word in ("<script", "<img", "<link", "http:", "https:", "url(", "@import"):
        assert word not in page


def test_a_model_that_is_named_like_markup_is_shown_as_it_is_named():
    odd = Figures(FILTERS, FULL.headline, models=(ModelUse("<b>&", 1, 1.0, 1, 1, 0.0, 0),))

    assert "&lt;b&gt;&amp;" in html_report(odd)
    assert "<b>&" not in html_report(odd)


def test_a_report_on_days_without_lessons_says_so():
    assert "There is nothing to report yet: no lesson of these days has ended." in html_report(
        EMPTY
    )
    assert "There is nothing to report yet" in csv_report(EMPTY)


def test_a_report_as_csv_has_one_figure_a_line():
    rows = list(csv.reader(StringIO(csv_report(FULL), newline="")))

    assert rows[0] == ["part", "what", "measure", "value"]
    assert {len(row) for row in rows} == {4}
    assert ["headline", "Median time", "seconds", "18.0"] in rows
    assert ["headline", "Median time", "seconds in the period before", "38.0"] in rows
    assert [
        "Errors by model and class",
        "flash, too many requests, Throttled",
        "failed",
        "12",
    ] in rows
    assert ["report", "period", "first day", "2026-11-01"] in rows


def test_the_period_before_has_as_many_days_and_ends_the_day_before():
    before = FILTERS.period_before()

    assert (before.first, before.last, before.days) == (date(2026, 10, 2), date(2026, 10, 31), 30)


def test_a_change_is_told_only_where_there_was_something_before():
    assert Compared(3.0, 2.0).change == 0.5
    assert Compared(3.0, 0.0).change is None
    assert Compared(3.0).change is None
    assert Compared(None, 2.0).change is None


@pytest.mark.parametrize("key", [key for key in CHARTS if key != "errors"])
def test_a_chart_without_rows_among_lessons_says_that_the_filters_leave_nothing(key: str):
    chosen = replace(FILTERS, level="A1")

    assert chart(Figures(chosen, FULL.headline), key).sentence == NOTHING_FITS
    assert chart(Figures(FILTERS, FULL.headline), key).sentence != NOTHING_FITS


def test_no_request_is_said_to_have_gone_well_where_none_was_made():
    assert chart(EMPTY, "errors").sentence.endswith("will be here once a model was asked.")
    assert chart(Figures(FILTERS, FULL.headline), "errors").sentence == (
        "None of 10,000 requests failed."
    )


def test_sections_with_few_ratings_are_neither_best_nor_least_liked():
    few = SectionStars("reading", 2, 1.0)
    many = (SectionStars("warmup", 5, 4.5), SectionStars("vocabulary", 9, 3.0))

    said = chart(replace(FULL, section_stars=(few, *many)), "section_stars").sentence
    assert said == (
        "Of sections with at least 5 ratings, best liked: Warm-up with 4.5 of 5 (5 ratings); "
        "least: Vocabulary with 3.0 of 5 (9 ratings)."
    )
    assert chart(replace(FULL, section_stars=(few,)), "section_stars").sentence == (
        "There are too few ratings yet to say which section is liked best: at most 2 of one "
        "section, 5 are needed."
    )


def test_nothing_is_said_to_be_paid_for_samples():
    samples = replace(FULL, filters=replace(FILTERS, sample=True))

    for key in ("costs", "models"):
        assert "would cost" in chart(samples, key).sentence
        assert NOTHING_PAID in chart(samples, key).definition
        assert NOTHING_PAID not in chart(FULL, key).definition
    assert "A lesson would cost" in html_report(samples)
    assert "would cost" not in html_report(FULL)


@pytest.mark.parametrize("error", ProviderError.__subclasses__())
def test_every_class_of_error_is_told_in_words_of_its_own(error: type[ProviderError]):
    others = {error_words(other.__name__) for other in ProviderError.__subclasses__()}

    assert error_words(error.__name__).islower()
    assert len(others) == len(ProviderError.__subclasses__())
    assert error_words("SomethingNew") == "SomethingNew"


def test_a_report_says_on_how_many_of_the_days_before_there_were_lessons():
    some, none = replace(FULL, days_before=12), replace(FULL, days_before=0)

    assert "There were lessons on 12 of these 30 days." in html_report(some)
    assert "There were no lessons then: nothing can be compared." in html_report(none)
    assert "There were" not in html_report(FULL)


def test_a_report_tells_changes_of_shares_in_points():
    assert f"1.0{N}points more" in html_report(FULL)
