import csv
import json
import logging
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from statistics import mean
from typing import Any, cast

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from lessongen.analytics.charts import CHARTS
from lessongen.analytics.metrics import METRICS, NOT_NARROWED
from lessongen.analytics.wording import NO_BREAK, error_words
from lessongen.benchmark.history import History, fill
from lessongen.lesson.sections import SECTIONS
from lessongen.store.records import LessonStatus
from lessongen.store.store import Store
from lessongen.ui.analytics.drawings import DRAWINGS
from lessongen.ui.analytics.view import CHAPTERS
from lessongen.ui.navigation import page_file
from tests.app import kept
from tests.app.raw_figures import RawFigures, Row
from tests.app.screen import PATIENCE_SECONDS, SHELL, field, pressed, sentences, text_of

KEPT_FILES = Path(__file__).with_name("shell_with_files.py")
TOPIC = "Weekend markets"
FORMULA = "=HYPERLINK(A1)"
SCRIPT = "<script>alert(1)</script>"
CHARTS_OF_CHAPTERS = [(chapter.title, key) for chapter in CHAPTERS for key in chapter.charts]


@pytest.fixture
def history(store: Store, key: str) -> Store:
    """Keep two months of made-up lessons; with a key, the page begins with real lessons."""
    assert key
    fill(store.database, History(3_000, days=60, until=time.time()))
    return store


def opened_at(shell: Path = SHELL, **address: Any) -> AppTest:
    """Open the page by an address, as somebody does who was sent it."""
    page = AppTest.from_file(shell, default_timeout=PATIENCE_SECONDS).run()
    page.query_params = address
    page.switch_page(str(page_file("analytics"))).run()
    assert not page.exception
    return page


def today() -> date:
    return datetime.now(UTC).date()


def metric(page: AppTest, key: str) -> Any:
    return field(page.metric, METRICS[key].title)


def value(page: AppTest, key: str) -> str:
    return str(metric(page, key).value).replace("\\", "")


def drawn(page: AppTest, key: str) -> list[dict[str, Any]]:
    """Return the rows that a chart was given."""
    [chart] = page.container(key=f"chart-card-{key}").get("vega_lite_chart")
    read = cast("Any", pa).ipc.open_stream(cast("Any", chart).proto.data.data)
    return read.read_all().to_pylist()


def seconds(figure: float) -> str:
    return f"{figure:.1f}{NO_BREAK}s"


def percent(share: float) -> float:
    return round(share, 6)


def expect_figures(page: AppTest, raw: RawFigures) -> None:
    """Hold that the page shows the client's six figures as they come out of the rows."""
    assert value(page, "lessons") == f"{len(raw.lessons):,}"
    times = raw.seconds()
    assert value(page, "seconds") == seconds(mean(times))
    assert value(page, "p50") == seconds(raw.within(0.5))
    assert value(page, "p95") == seconds(raw.within(0.95))

    told = {SECTIONS[name].title: n for name, n in raw.success_of_sections().items()}
    assert {row["mark"]: row["about"] for row in drawn(page, "success")} == {
        name: f"{written:,} of {asked:,} written" for name, (asked, written) in told.items()
    }
    assert {row["mark"]: percent(row["value"]) for row in drawn(page, "success")} == {
        name: percent(written / asked) for name, (asked, written) in told.items()
    }

    use = raw.use_of_models()
    assert {row["mark"]: percent(row["value"]) for row in drawn(page, "models")} == {
        model: percent(many / sum(use.values())) for model, many in use.items()
    }

    assert {(r["model"], r["row"]): percent(r["value"]) for r in drawn(page, "errors")} == {
        (model, error_words(error)): percent(share)
        for (model, error), share in raw.errors().items()
    }
    assert value(page, "errors") == f"{raw.error_rate():.1%}".replace("%", f"{NO_BREAK}%")

    stars = raw.stars()
    assert value(page, "stars") == f"{mean(stars):.1f} of 5"
    assert {row["mark"][0]: percent(row["value"]) for row in drawn(page, "stars")} == {
        str(n): percent(stars.count(n) / len(stars)) for n in range(1, 6)
    }

    assert value(page, "cost") == f"${raw.cost_of_a_lesson():.3f}"


def test_the_six_figures_of_the_client_are_on_the_page_as_they_come_out_of_the_rows(
    history: Store,
):
    page = opened_at()

    expect_figures(page, RawFigures(history, today() - timedelta(days=29), today()))


def test_a_shared_address_shows_the_figures_of_the_lessons_it_chooses(history: Store):
    first, last = today() - timedelta(days=24), today() - timedelta(days=3)

    page = opened_at(
        period="own dates", dates=[f"{first}", f"{last}"], at_level="B1", in_mode="parallel"
    )

    def fits(lesson: Row) -> bool:
        return lesson["level"] == "B1" and lesson["mode"] == "parallel"

    expect_figures(page, RawFigures(history, first, last, fits))
    assert [field(page.selectbox, name).value for name in ("Level", "Mode")] == ["B1", "parallel"]


def test_figures_stand_against_those_of_the_days_before(history: Store):
    page = opened_at()

    now = RawFigures(history, today() - timedelta(days=29), today())
    before = RawFigures(history, today() - timedelta(days=59), today() - timedelta(days=30))
    change = mean(now.seconds()) / mean(before.seconds()) - 1
    shown = metric(page, "seconds").proto
    assert shown.delta == f"{change * 100:+.0f}{NO_BREAK}%"
    assert shown.delta_description == f"before: {seconds(mean(before.seconds()))}"


@pytest.mark.parametrize(("figure", "color"), [("seconds", "RED"), ("lessons", "GRAY")])
def test_a_longer_time_is_not_praised_and_more_lessons_are_neither_good_nor_bad(
    history: Store, figure: str, color: str
):
    with history.database.transaction():
        newest = {"since": time.time() - 30 * 86400}
        history.database.execute(
            "UPDATE lessons SET finished_at = finished_at + 300 WHERE created_at > :since", **newest
        )

    shown = metric(opened_at(), figure).proto

    assert shown.delta.startswith("+")
    assert shown.MetricColor.Name(shown.color) == color


def test_a_sentence_tells_in_plain_words_how_long_lessons_took(history: Store):
    page = opened_at()

    raw = RawFigures(history, today() - timedelta(days=29), today())
    assert (
        f"Half of the complete ones were ready within **{seconds(raw.within(0.5))}** (p50), "
        f"95 of 100 within **{seconds(raw.within(0.95))}** (p95)."
    ) in text_of(page)


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("chapter", [chapter.title for chapter in CHAPTERS])
def test_every_figure_and_every_chart_is_defined_where_it_stands(chapter: str):
    page = opened_at(chapter=chapter)

    by_title = {found.title: found.definition for found in METRICS.values()}
    assert page.metric
    for shown in page.metric:
        assert by_title[shown.label] in _unescaped(shown.help or "")
    of_charts = {chart.title: chart.definition for chart in CHARTS.values()}
    headings = [heading for heading in page.subheader if heading.value in of_charts]
    assert headings
    for heading in headings:
        assert _unescaped(cast("Any", heading).proto.help) == of_charts[heading.value]


def _unescaped(text: str) -> str:
    return text.replace("\\", "")


def test_every_chart_is_on_the_page_and_every_figure():
    shown = [key for _, key in CHARTS_OF_CHAPTERS]

    assert sorted(shown) == sorted(CHARTS) == sorted(DRAWINGS)
    assert {key for chapter in CHAPTERS for key in chapter.figures} == set(METRICS)


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(("chapter", "name"), CHARTS_OF_CHAPTERS)
def test_a_chart_is_drawn_by_altair_can_be_read_aloud_and_taken_along(chapter: str, name: str):
    page = opened_at(chapter=chapter)

    card = page.container(key=f"chart-card-{name}")
    [chart] = card.get("vega_lite_chart")
    proto = cast("Any", chart).proto
    spec = json.loads(proto.spec)
    [sentence] = [str(caption.value) for caption in card.caption]
    assert "vega-lite" in spec["$schema"]
    assert _unescaped(sentence) in proto.alt
    assert list(proto.selection_mode) == ["picked"]
    assert '"tooltip"' in proto.spec
    assert [button.label for button in card.get("download_button")] == ["CSV"]  # pyright: ignore[reportAttributeAccessIssue] - all of them have one


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(("chapter", "name"), CHARTS_OF_CHAPTERS)
def test_every_row_of_a_chart_can_be_picked(chapter: str, name: str):
    page = opened_at(chapter=chapter)

    menu = page.container(key=f"chart-card-{name}").selectbox[0]
    picked = {row["mark"] for row in drawn(page, name)}
    assert picked
    assert picked <= set(menu.options)


def test_what_was_chosen_in_a_menu_shows_the_lessons_behind_it_and_stands_in_the_address(
    history: Store,
):
    page = opened_at(in_mode="parallel")

    menu = page.container(key="chart-card-errors").selectbox[0]
    menu.select("gemini-3.8-flash: unusable answer").run()

    assert page.query_params["behind"] == "errors"
    assert page.query_params["mark"] == "gemini-3.8-flash: unusable answer"
    [lines] = page.dataframe
    raw = RawFigures(history, today() - timedelta(days=29), today())
    failed = {
        row["lesson_id"]
        for row in raw.attempts
        if (row["model"], row["error_class"]) == ("gemini-3.8-flash", "Malformed")
        and raw.lessons[row["lesson_id"]]["mode"] == "parallel"
    }
    assert failed
    assert len(lines.value) == min(50, len(failed))
    assert set(field(page.selectbox, "Timeline of one lesson").options)


def test_the_timeline_of_a_lesson_shows_every_request_and_says_what_went_wrong(history: Store):
    raw = RawFigures(history, today() - timedelta(days=29), today())
    lesson = next(row["lesson_id"] for row in raw.attempts if row["reason"] == "fallback")
    level = raw.lessons[lesson]["level"]
    day = datetime.fromtimestamp(raw.lessons[lesson]["created_at"], UTC)

    page = opened_at(at_level=level, behind="times", mark=f"{day.day} {day:%B %Y}", timeline=lesson)

    tried = [row for row in raw.attempts if row["lesson_id"] == lesson]
    charts = page.get("vega_lite_chart")
    alt = cast("Any", charts[-1]).proto.alt
    assert alt.startswith(f"Timeline of a lesson. {len(tried)} requests in ")
    failed = [row["error_class"] for row in tried if row["outcome"] == "failed"]
    assert failed
    for error in failed:
        assert f"({error_words(error)})" in _unescaped(text_of(page))
    assert "fallback request to" in text_of(page)


@pytest.mark.usefixtures("history")
def test_no_word_of_a_lesson_and_no_name_of_a_teacher_is_on_the_page():
    for chapter in CHAPTERS:
        page = opened_at(chapter=chapter.title)
        assert TOPIC not in text_of(page)
    page = opened_at(behind="success", mark="Reading")

    told = f"{text_of(page)} {page.dataframe[0].value.to_string()}"
    assert len(page.dataframe[0].value) == 50
    assert TOPIC not in told
    assert "teacher-" not in told


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    "address",
    [
        {"at_level": SCRIPT},
        {"in_mode": "1e9"},
        {"by_model": "nobody", "of_section": "../../etc"},
        {"of_version": "1e9"},
        {"of_version": "-1"},
        {"period": "1e9 days"},
        {"period": ""},
        {"dates": ["2026-01-01", "x"]},
        {"chapter": "Nowhere"},
        {"lessons": "all of them"},
        {"behind": "nowhere", "mark": "x"},
        {"behind": "errors", "mark": SCRIPT},
        {"behind": "errors"},
        {"timeline": "'; DROP TABLE lessons; --"},
        {"behind": "success", "mark": "Reading", "timeline": SCRIPT},
    ],
)
def test_odd_values_in_the_address_count_as_none(address: dict[str, Any]):
    usual = text_of(opened_at()).splitlines()

    page = opened_at(**address)

    assert usual[0] == "Analytics"
    assert set(usual) <= set(text_of(page).splitlines())
    assert not [*page.error, *page.warning]


@pytest.mark.parametrize("step", [1, -1])
def test_days_in_the_address_may_stand_in_any_order(history: Store, step: int):
    first, last = today() - timedelta(days=20), today() - timedelta(days=10)

    page = opened_at(period="own dates", dates=[f"{first}", f"{last}"][::step])

    raw = RawFigures(history, first, last)
    assert value(page, "lessons") == f"{len(raw.lessons):,}"


@pytest.mark.parametrize(
    "dates", [["1e9", "x"], ["0001-01-01", "9999-12-31"], ["2999-01-01", "2999-02-01"], []]
)
def test_days_that_cannot_be_are_the_usual_ones(history: Store, dates: list[str]):
    page = opened_at(period="own dates", dates=dates)

    raw = RawFigures(history, today() - timedelta(days=29), today())
    assert value(page, "lessons") == f"{len(raw.lessons):,}"


def test_reset_forgets_every_filter(history: Store):
    page = opened_at(at_level="B1", in_mode="parallel", period="7 days")

    pressed(page, "Reset")

    raw = RawFigures(history, today() - timedelta(days=29), today())
    assert value(page, "lessons") == f"{len(raw.lessons):,}"
    assert field(page.selectbox, "Level").value is None


def test_what_is_shown_alike_is_said_to_be_as_before_and_has_no_colour(store: Store):
    for days in (31, 1):
        lesson = kept.queued(store)
        with store.database.transaction():
            store.database.execute(
                "UPDATE lessons SET created_at = :at WHERE id = :id",
                at=time.time() - days * 86400,
                id=lesson,
            )
        kept.finish(store, lesson, LessonStatus.FAILED, "No model could be reached.")

    shown = metric(opened_at(chapter="Quality"), "completed").proto

    assert (shown.body.replace(NO_BREAK, " "), shown.delta) == ("0 %", "as before")
    assert shown.MetricColor.Name(shown.color) == "GRAY"
    assert shown.MetricDirection.Name(shown.direction) == "NONE"


@pytest.mark.usefixtures("history")
def test_samples_are_said_to_cost_nothing_and_real_lessons_are_not():
    samples = opened_at(lessons="samples")

    assert "A lesson would cost" in [shown.label for shown in samples.metric]
    assert "Nothing is paid for samples" in text_of(samples)
    assert "Nothing is paid" not in text_of(opened_at())


@pytest.mark.usefixtures("history")
def test_ratings_stand_beside_stars_of_sections_on_an_axis_from_none_to_five():
    page = opened_at(chapter="Quality")

    [chart] = page.container(key="chart-card-section_stars").get("vega_lite_chart")
    ticks = json.loads(cast("Any", chart).proto.spec)["layer"][0]["encoding"]["x"]["axis"]
    assert ticks["values"] == [0, 1, 2, 3, 4, 5]
    for row in drawn(page, "section_stars"):
        assert row["told"] == f"{row['value']:.1f} ({row['about']})"


@pytest.mark.usefixtures("history")
def test_reset_leaves_no_warning_in_the_log(caplog: pytest.LogCaptureFixture):
    page = opened_at(period="7 days", lessons="samples")
    streamlit = logging.getLogger("streamlit.elements.lib.policies")
    streamlit.addHandler(caplog.handler)

    try:
        pressed(page, "Reset")
    finally:
        streamlit.removeHandler(caplog.handler)

    assert field(page.selectbox, "Period").value == "30 days"
    assert field(page.selectbox, "Lessons").value == "real lessons"
    assert "Session State" not in caplog.text


def test_every_figure_of_a_version_says_on_how_much_it_rests(history: Store):
    page = opened_at(chapter="Rollout")

    raw = RawFigures(history, today() - timedelta(days=29), today())
    newest = max(lesson["strategy_version"] for lesson in raw.lessons.values())
    after = RawFigures(
        history,
        today() - timedelta(days=29),
        today(),
        lambda lesson: lesson["strategy_version"] == newest,
    )
    told = {key: str(metric(page, key).help) for key in ("seconds", "success", "stars")}
    asked = sum(asked for asked, _ in after.success_of_sections().values())
    assert f"This one is of {len(after.seconds()):,} lessons" in told["seconds"]
    assert f"This one is of {asked:,} sections" in told["success"]
    assert f"This one is of {len(after.stars()):,} ratings" in told["stars"]


@pytest.mark.usefixtures("history")
def test_a_chosen_section_says_that_figures_of_whole_lessons_are_not_narrowed():
    page = opened_at(of_section="Reading")

    assert NOT_NARROWED in _unescaped(text_of(page))
    assert [row["mark"] for row in drawn(page, "success")] == ["Reading"]


def test_samples_and_real_lessons_are_never_mixed(history: Store):
    samples = history.database.read("SELECT id FROM lessons WHERE sample = 1")

    page = opened_at(lessons="samples", period="365 days")

    assert value(page, "lessons") == f"{len(samples):,}"


def test_without_a_key_the_page_begins_with_samples(store: Store):
    fill(store.database, History(300, days=5, until=time.time()))

    assert field(opened_at().selectbox, "Lessons").value == "samples"


@pytest.mark.parametrize("chapter", [chapter.title for chapter in CHAPTERS])
def test_without_any_lesson_the_page_says_what_will_be_there(chapter: str):
    page = opened_at(chapter=chapter)

    [note] = sentences(page.info)
    [charts] = [found.charts for found in CHAPTERS if found.title == chapter]
    assert note.startswith("No sample lesson was finished from ")
    told = _unescaped(text_of(page))
    for key in charts:
        card = page.container(key=f"chart-card-{key}")
        assert "will be" in _unescaped(str(card.caption[0].value))
        assert card.get("vega_lite_chart") == []
    assert "nan" not in told.lower()


def test_a_lesson_that_is_finished_meanwhile_is_on_the_page_when_it_is_drawn_again(store: Store):
    page = opened_at()
    empty = len(page.info)

    kept.complete(store)
    page.run()

    assert empty == 1
    assert value(page, "lessons") == "1"


def test_a_database_that_fails_is_told_in_a_sentence(store: Store):
    with store.database.transaction():
        store.database.execute("DROP TABLE lesson_facts")

    page = opened_at()

    [sentence] = sentences(page.error)
    assert sentence.startswith("The database lessons.db cannot be used")


def files_of(page: AppTest) -> Iterator[list[list[str]]]:
    for content in page.session_state["files"].values():
        yield list(csv.reader(StringIO(content)))


def test_the_data_of_a_chart_opens_as_csv_and_no_cell_of_it_is_a_formula(history: Store):
    with history.database.transaction():
        history.database.execute(
            "UPDATE attempts SET model = :odd WHERE model = 'gemini-4-hydrogen'", odd=FORMULA
        )

    page = opened_at(KEPT_FILES)

    tables = {tuple(rows[0]): rows[1:] for rows in files_of(page)}
    assert len(tables) == 6
    models = tables[CHARTS["models"].header]
    raw = RawFigures(history, today() - timedelta(days=29), today())
    assert {row[0]: int(row[1]) for row in models} == {
        f"'{model}" if model == FORMULA else model: many
        for model, many in raw.use_of_models().items()
    }
    cells = [cell for rows in tables.values() for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith("=")]


def test_a_failed_lesson_without_requests_is_counted_and_breaks_nothing(store: Store):
    kept.finish(store, kept.queued(store), LessonStatus.FAILED, "No model could be reached.")

    page = opened_at()

    assert value(page, "lessons") == "1"
    assert value(page, "seconds") == "–"
    assert value(opened_at(chapter="Quality"), "completed") == f"0{NO_BREAK}%"
