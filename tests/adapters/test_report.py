import csv
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from lessongen.commands.figures import written_report
from lessongen.errors import RequestError, StoreError
from lessongen.settings import ROOT
from lessongen.store.figures.filters import day_of
from lessongen.store.store import opened_store
from tests.support.past_lessons import TODAY, Past, PastLesson

LAST = day_of(TODAY)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "lessons.db"
    with opened_store(path) as store:
        Past(store).add(PastLesson(), PastLesson(created=-2, ends=20.0), PastLesson(sample=1))
    return path


def told(database: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "lessongen.cli", "report", *arguments],
        cwd=database.parent,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "LESSONGEN_DATABASE": f"sqlite:///{database}",
        },
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_a_report_as_html_says_its_days_and_its_figures(database: Path, tmp_path: Path):
    out = tmp_path / "report.html"

    sentence = written_report(out, 30, LAST, database, sample=False)

    assert sentence == f"2 lessons of 30 days up to {LAST}, in {out}."
    page = out.read_text(encoding="utf-8")
    assert f"{LAST - timedelta(days=29):%B %Y}" in page
    assert "16.0\N{NO-BREAK SPACE}s" in page
    assert "secret" not in page


def test_a_report_as_csv_opens_in_a_spreadsheet_and_has_every_figure(
    database: Path, tmp_path: Path
):
    out = tmp_path / "report.CSV"

    written_report(out, 1, LAST, database, sample=False)

    text = out.read_bytes().decode("utf-8")
    assert text.startswith("\ufeffpart,what,measure,value\r\n")
    rows = list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))
    assert ["headline", "Average generation time", "seconds", "12.0"] in rows
    assert ["headline", "Lessons", "lessons", "1"] in rows
    assert ["Use of models", "flash", "requests", "2"] in rows


def test_a_report_on_samples_leaves_real_lessons_out(database: Path, tmp_path: Path):
    out = tmp_path / "report.html"

    assert written_report(out, 30, LAST, database, sample=True).startswith("1 sample lesson of")
    assert "Sample lessons" in out.read_text(encoding="utf-8")


def test_a_report_on_days_without_lessons_says_so(database: Path, tmp_path: Path):
    out = tmp_path / "report.html"

    written_report(out, 1, LAST + timedelta(days=1), database, sample=False)

    assert "There is nothing to report yet" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("report.txt", "no known kind"),
        ("report", "no known kind"),
        ("nowhere/report.csv", "cannot be written"),
        ("folder.html", "is a folder"),
    ],
)
def test_a_file_that_cannot_be_written_is_told_before_anything_is_read(
    tmp_path: Path, name: str, why: str
):
    (tmp_path / "folder.html").mkdir()

    with pytest.raises(RequestError, match=why):
        written_report(tmp_path / name, 30, LAST, tmp_path / "none.db", sample=False)
    assert not (tmp_path / "none.db").exists()


def test_a_database_that_cannot_be_read_leaves_the_old_report_as_it_was(tmp_path: Path):
    broken, out = tmp_path / "broken.db", tmp_path / "report.html"
    broken.write_bytes(b"This is a letter.\n" * 100)
    out.write_text("the report of last month")

    with pytest.raises(StoreError, match="not a database"):
        written_report(out, 30, LAST, broken, sample=False)
    assert out.read_text() == "the report of last month"


def test_the_command_reports_on_samples_where_no_key_is_set(database: Path):
    days = (datetime.now(UTC).date() - LAST).days + 3

    ran = told(database, "--days", str(days), "--out", "report.html")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("1 sample lesson of")
    assert told(database, "--days", str(days), "--no-samples", "--out", "r.csv").stdout.startswith(
        "2 lessons of"
    )


@pytest.mark.parametrize("days", ["0", "-3", "many", "1.5", "999999999"])
def test_days_that_are_no_number_of_days_are_refused(database: Path, days: str):
    ran = told(database, "--days", days, "--out", "report.html")

    assert ran.returncode == 2
    assert ran.stdout == ""
    assert "--days" in ran.stderr
    assert not (database.parent / "report.html").exists()
