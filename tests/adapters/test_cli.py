import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pypdf import PdfReader

from lessongen.administration.decisions import Decisions
from lessongen.administration.quotas import Quotas
from lessongen.export.lesson_file import from_json
from lessongen.lesson.sections import SECTIONS
from lessongen.people import LOCAL
from lessongen.settings import ROOT
from lessongen.store.records import LessonStatus
from lessongen.store.store import opened_store
from tests.support.lessons import request_on

KEY = "AIza-very-secret-0123456789"
TIMEOUT = 60.0
COMMAND = [sys.executable, "-m", "lessongen.cli"]


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs commands in a folder of their own, with nothing set but what a test sets."""

    folder: Path
    database: Path
    environment: dict[str, str]

    def run(self, *arguments: str | Path, **environment: str) -> Ran:
        """Run to the end. No command ever prints a stack trace, or a key."""
        finished = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            cwd=self.folder,
            env={**self.environment, **environment},
            capture_output=True,
            encoding="utf-8",
            timeout=TIMEOUT,
            check=False,
        )
        told = finished.stdout + finished.stderr
        assert "Traceback" not in told
        assert KEY not in told
        return Ran(finished.returncode, finished.stdout, finished.stderr)

    @contextmanager
    def running(
        self, *arguments: str | Path, **environment: str
    ) -> "Generator[subprocess.Popen[str]]":
        process = subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            for stream in (process.stdout, process.stderr):
                if stream:
                    stream.close()

    def generate(self, *arguments: str | Path, **environment: str) -> Ran:
        return self.run(
            "generate", "--topic", "Weekend markets", "--level", "B1", *arguments, **environment
        )

    def log(self) -> str:
        return self.database.with_suffix(".log").read_text(encoding="utf-8")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    database = tmp_path / "lessons.db"
    environment = {
        **kept,
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
        "LESSONGEN_DATABASE": f"sqlite:///{database}",
        "LESSONGEN_SAMPLE_SPEED": "200",
    }
    return Shell(tmp_path, database, environment)


Emulator = Callable[..., str]


@pytest.fixture
def emulator(shell: Shell) -> Iterator[Emulator]:
    """Start the emulator command; return its address."""
    with ExitStack() as running:

        def start(*arguments: str) -> str:
            command = shell.running("emulator", "--port", "0", "--speed", "inf", *arguments)
            return address(running.enter_context(command))

        yield start


def address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    for line in process.stdout:
        if "ready: " in line:
            return line.split()[-1]
    pytest.fail(f"It ended without an address: {process.stderr and process.stderr.read()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def got(url: str, path: str) -> bytes:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        assert response.status == 200
        return response.read()
    finally:
        connection.close()


def interrupted(process: "subprocess.Popen[str]") -> Ran:
    """Press Ctrl-C; return how it ended, and what it said since it was last read."""
    process.send_signal(signal.SIGINT)
    code = process.wait(TIMEOUT)
    assert process.stdout
    assert process.stderr
    return Ran(code, process.stdout.read(), process.stderr.read())


def sentences(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


# --- help and mistakes


def test_without_a_command_it_helps_and_exits_2(shell: Shell):
    ran = shell.run()

    assert ran.code == 2
    assert "lessongen run" in ran.out


@pytest.mark.parametrize("arguments", [["--help"], ["generate", "--help"], ["--version"]])
def test_help_and_version_exit_0(shell: Shell, arguments: list[str]):
    ran = shell.run(*arguments)

    assert ran.code == 0
    assert "lessongen" in ran.out.lower()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["fly"], "invalid choice: 'fly'"),
        (["run", "--port", "many"], "many is no whole number"),
        (["run", "--port", "70000"], "70000 is no port"),
        (["run", "--host", "no-such-host.invalid"], "no address no-such-host.invalid"),
        (["generate", "--topic", "x"], "required: --level, --out"),
        (["emulator", "--fault", "gremlins"], "No fault is called “gremlins”"),
        (["emulator", "--speed", "0"], "speed has to be a number above 0"),
        (["bench", "--lessons", "0"], "0 is too few"),
        (["bench", "--json", "no/such/folder/figures.json"], "cannot be written"),
    ],
)
def test_a_mistake_is_one_sentence_and_exits_2(shell: Shell, arguments: list[str], sentence: str):
    ran = shell.run(*arguments)

    assert ran.code == 2
    assert sentence in ran.err
    assert len(sentences(ran.err)) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"--level": "B7"}, "Please choose a level: A1, A2, B1, B2, C1, C2."),
        ({"--topic": ""}, "Please type a topic first"),
        ({"--topic": "  \t "}, "Please type a topic first"),
        ({"--topic": "m" * 10_000}, "The topic is 10000 characters long. Please keep it to 120"),
        ({"--minutes": "600"}, "Please choose a length between 15 and 120 minutes."),
        ({"--words": "x" * 41}, "Please give at most 12 words, each of 40 characters at most."),
        ({"--text": "missing.txt"}, "missing.txt cannot be read: No such file or directory."),
        ({"--grammar": "used to"}, "Sample lessons cannot follow your text, words or grammar."),
        ({"--minutes": "long"}, "long is no whole number"),
        ({"--mode": "sideways"}, "invalid choice: 'sideways'"),
        ({"--out": "lesson.odt"}, "lesson.odt is of no known kind"),
        ({"--out": "lesson"}, "lesson is of no known kind"),
        ({"--out": "missing/lesson.md"}, "missing/lesson.md cannot be written: No such file"),
        ({"--out": "folder.md"}, "folder.md is a folder"),
        ({"--out": "lesson.json", "--copy": "student"}, "A .json file holds every answer"),
        ({"--out": "lesson.gift", "--copy": "student"}, "A .gift file holds every answer"),
        ({"--report": "missing/report.json"}, "missing/report.json cannot be written"),
    ],
)
def test_an_order_that_cannot_be_filled_is_refused_before_any_model_is_asked(
    shell: Shell, changes: dict[str, str], sentence: str
):
    (shell.folder / "folder.md").mkdir()
    order = {"--topic": "Weekend markets", "--level": "B1", "--out": "lesson.md", **changes}

    ran = shell.run("generate", *(word for pair in order.items() for word in pair))

    assert ran.code == 2
    assert sentence in ran.err
    assert len(sentences(ran.err)) == 1
    assert not shell.database.exists()
    assert not (shell.folder / "lesson.md").exists()


def test_a_broken_setting_is_one_sentence_and_exits_2(shell: Shell):
    ran = shell.generate("--out", "lesson.md", LESSONGEN_SAMPLE_SPEED="very")

    assert ran.code == 2
    assert sentences(ran.err) == ["LESSONGEN_SAMPLE_SPEED must be a number above zero."]


# --- generate


def test_a_lesson_is_written_as_markdown_without_a_key(shell: Shell):
    ran = shell.generate("--out", "lesson.md")

    assert (ran.code, ran.err) == (0, "")
    assert "9 of 9 sections" in ran.out
    assert "This is a sample lesson. Set GEMINI_API_KEY" in ran.out
    text = (shell.folder / "lesson.md").read_text(encoding="utf-8")
    assert all(f"## {section.title}" in text for section in SECTIONS.values())
    assert "Teacher’s copy" in text


def test_the_student_copy_is_written_as_a_word_document(shell: Shell):
    ran = shell.generate("--out", "lesson.DOCX", "--copy", "student", "--mode", "sequential")

    assert ran.code == 0
    assert (shell.folder / "lesson.DOCX").read_bytes().startswith(b"PK")


@pytest.mark.parametrize("copy", ["student", "teacher"])
def test_a_copy_is_written_as_a_pdf(shell: Shell, copy: str):
    ran = shell.generate("--out", "lesson.pdf", "--copy", copy)

    assert ran.code == 0
    text = "".join(page.extract_text() for page in PdfReader(shell.folder / "lesson.pdf").pages)
    assert f"{copy.capitalize()}’s copy" in text
    assert ("Evidence:" in text) == (copy == "teacher")


@pytest.mark.parametrize("copy", ["student", "teacher"])
def test_the_words_are_written_as_an_anki_deck(shell: Shell, copy: str):
    ran = shell.generate("--out", "words.apkg", "--copy", copy)

    assert ran.code == 0
    with zipfile.ZipFile(shell.folder / "words.apkg") as deck:
        assert b"discount" in deck.read("collection.anki2")


def test_the_questions_are_written_for_moodle(shell: Shell):
    ran = shell.generate("--out", "questions.gift", "--copy", "teacher")

    assert ran.code == 0
    text = (shell.folder / "questions.gift").read_text(encoding="utf-8")
    assert text.startswith("$CATEGORY: $course$/Weekend markets (B1)/Comprehension")
    assert "=He sold only one lamp." in text


def test_the_data_and_the_report_can_be_read_back(shell: Shell):
    ran = shell.generate("--minutes", "50", "--out", "lesson.json", "--report", "report.json")

    assert ran.code == 0
    lesson = from_json((shell.folder / "lesson.json").read_bytes())
    assert (lesson.request.minutes, lesson.missing) == (50, [])
    report: dict[str, Any] = json.loads((shell.folder / "report.json").read_bytes())
    totals = report["totals"]
    assert report["lesson"]["status"] == "complete"
    assert len(report["attempts"]) == totals["attempts"] == 10
    assert 0 < totals["floor_seconds"] <= totals["wall_seconds"]
    assert totals["floor_seconds"] < totals["in_turn_seconds"]
    assert totals["slowest_section"] in SECTIONS


def test_a_file_that_is_there_is_replaced(shell: Shell):
    (shell.folder / "lesson.md").write_text("an older lesson" * 10_000)

    assert shell.generate("--out", "lesson.md").code == 0
    assert "an older lesson" not in (shell.folder / "lesson.md").read_text(encoding="utf-8")


def test_progress_is_told_line_by_line_where_nobody_watches(shell: Shell):
    ran = shell.generate("--out", "lesson.md")

    assert "Reading: written by gemini-3.8-flash in " in ran.out
    assert "\x1b" not in ran.out


def test_a_lesson_with_a_section_missing_is_written_marked_and_exits_3(
    shell: Shell, emulator: Emulator
):
    url = emulator("--fault", "safety:part=reading")

    ran = shell.generate("--out", "lesson.md", LESSONGEN_GEMINI_BASE_URL=url)

    assert ran.code == 3
    assert "8 of 9 sections" in ran.out
    assert "Missing, and marked in the file: Reading." in ran.out
    assert "could not be written" in (shell.folder / "lesson.md").read_text(encoding="utf-8")


def test_a_key_that_is_refused_is_named_by_its_source_only(shell: Shell, emulator: Emulator):
    url = emulator("--key", "another key")

    ran = shell.generate(
        "--out",
        "lesson.md",
        "--report",
        "report.json",
        LESSONGEN_GEMINI_BASE_URL=url,
        GEMINI_API_KEY=KEY,
    )

    assert ran.code == 1
    assert len(sentences(ran.err)) == 1
    assert "refused the API key. Please check it: GEMINI_API_KEY in the environment." in ran.err
    assert not (shell.folder / "lesson.md").exists()
    report = (shell.folder / "report.json").read_text(encoding="utf-8")
    assert json.loads(report)["totals"]["failed_attempts"] > 0
    assert KEY not in report
    assert KEY not in shell.log()


def test_a_server_that_is_not_there_is_one_sentence(shell: Shell):
    url = f"http://127.0.0.1:{free_port()}"

    ran = shell.generate("--out", "lesson.md", LESSONGEN_GEMINI_BASE_URL=url)

    assert ran.code == 1
    assert len(sentences(ran.err)) == 1
    assert f"{url} could not be reached" in ran.err


def test_a_database_that_is_none_is_one_sentence(shell: Shell):
    shell.database.write_text("Dear diary, this is not a database at all.")

    ran = shell.generate("--out", "lesson.md")

    assert ran.code == 1
    assert len(sentences(ran.err)) == 1
    assert "lessons.db is not a database" in ran.err
    assert shell.database.read_text() == "Dear diary, this is not a database at all."


def test_a_quota_that_is_used_up_is_one_sentence_with_the_time_when_it_lifts(shell: Shell):
    with opened_store(shell.database) as store:
        Decisions(store).decide_quotas(Quotas(lessons_per_teacher=1), "admin@school.org")
        store.lessons_of(LOCAL).add(request_on(), "parallel", sample=True)

    ran = shell.generate("--out", "lesson.md")

    assert ran.code == 2
    [sentence] = sentences(ran.err)
    assert sentence.startswith("You may ask for 1 lesson a day, and have asked for all today.")
    assert re.search(r"You can go on tomorrow, \d+ [A-Z][a-z]+ \d{4}, at \d\d:00\.$", sentence)
    assert not (shell.folder / "lesson.md").exists()


def test_a_runner_that_cannot_start_is_one_sentence_and_no_endless_wait(shell: Shell):
    ran = shell.generate("--out", "lesson.md", GOOGLE_GENAI_USE_VERTEXAI="1")

    assert ran.code == 1
    assert len(sentences(ran.err)) == 1
    assert "cannot be written" in ran.err
    assert "Traceback" in shell.log()


def test_ctrl_c_cancels_the_lesson_and_exits_130(shell: Shell):
    order = ["generate", "--topic", "Weekend markets", "--level", "B1", "--out", "lesson.md"]
    with shell.running(*order, LESSONGEN_SAMPLE_SPEED="1") as process:
        assert process.stdout
        next(line for line in process.stdout if line.startswith("Brief: "))
        ran = interrupted(process)

    assert (ran.code, ran.err) == (130, "")
    assert not (shell.folder / "lesson.md").exists()
    with opened_store(shell.database) as store:
        assert [line.status for line in store.lessons_of(LOCAL).recent()] == [
            LessonStatus.CANCELLED
        ]


def test_a_server_on_the_same_database_writes_the_lesson(shell: Shell):
    port = str(free_port())
    with shell.running("run", "--port", port, "--no-open") as server:
        address(server)

        ran = shell.generate("--out", "lesson.md", GEMINI_API_KEY=KEY)

    assert ran.code == 0  # nothing at all would answer this key: the server wrote it


# --- run, emulator, doctor


def test_the_app_is_served_from_any_folder_and_ctrl_c_ends_it(shell: Shell):
    port = str(free_port())
    with shell.running("run", "--port", port) as process:
        url = address(process)
        assert url == f"http://127.0.0.1:{port}"
        assert got(url, "/_stcore/health") == b"ok"
        assert b"Streamlit" in got(url, "/")
        ran = interrupted(process)

    assert (ran.code, ran.err) == (0, "")
    assert "Sample mode" in ran.out
    assert "LessonGen has stopped." in ran.out


def test_a_port_that_was_asked_for_and_is_taken_is_one_sentence(shell: Shell):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        ran = shell.run("run", "--port", str(port))

    assert ran.code == 2
    assert ran.err.startswith(f"Port {port} is in use.")
    assert len(sentences(ran.err)) == 1


def test_the_app_does_not_start_on_a_database_that_is_none(shell: Shell):
    shell.database.write_text("Dear diary, this is not a database at all.")

    ran = shell.run("run", "--port", str(free_port()))

    assert ran.code == 1
    assert "lessons.db is not a database" in ran.err
    assert len(sentences(ran.err)) == 1


def test_the_emulator_says_how_to_use_it_and_ctrl_c_ends_it(shell: Shell):
    with shell.running("emulator", "--port", "0", "--key", KEY) as process:
        url = address(process)
        assert b"ok" in got(url, "/emulator/health")
        ran = interrupted(process)

    assert (ran.code, ran.err) == (0, "")
    assert f"LESSONGEN_GEMINI_BASE_URL={url}" in ran.out
    assert "GEMINI_API_KEY=(the one given with --key)" in ran.out
    assert KEY not in ran.out


def test_the_doctor_finds_everything_well(shell: Shell):
    ran = shell.run("doctor", GEMINI_API_KEY=KEY)

    assert (ran.code, ran.err) == (0, "")
    assert "The API key is GEMINI_API_KEY in the environment." in ran.out


def test_the_doctor_says_what_to_mend_and_exits_1(shell: Shell):
    ran = shell.run("doctor", LESSONGEN_GEMINI_BASE_URL="gemini.local")

    assert ran.code == 1
    assert "FIX LESSONGEN_GEMINI_BASE_URL must start with http://" in ran.out


def test_output_that_nobody_reads_any_more_is_no_crash(shell: Shell):
    with shell.running("doctor") as process:
        assert process.stdout
        process.stdout.close()
        process.stdout = None
        assert process.stderr
        assert "Traceback" not in process.stderr.read()


def test_a_terminal_that_knows_ascii_only_is_no_crash(shell: Shell):
    ran = shell.run("doctor", PYTHONIOENCODING="ascii", PYTHONUTF8="0", GEMINI_API_KEY=KEY)

    assert ran.code == 0
