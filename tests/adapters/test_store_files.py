import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest
import sqlite_utils
from filelock import FileLock

from lessongen.errors import NewerDatabaseError, StoreError
from lessongen.lesson.sections import SECTIONS
from lessongen.people import LOCAL
from lessongen.settings import ROOT
from lessongen.store.migrations import migrations
from lessongen.store.records import LessonStatus, SectionRecord, SectionStatus
from lessongen.store.sqlite import SqliteDatabase, open_sqlite
from lessongen.store.store import Store, opened_store
from tests.support.lessons import request_on

PATIENCE = 10.0
OPEN = """
import sys
sys.modules["pandas"] = None  # sqlite-utils would import it, which takes seconds, and not use it
from pathlib import Path
from lessongen.store.sqlite import open_sqlite
print("ready", flush=True)
for line in sys.stdin:
    open_sqlite(Path(line.strip())).close()
    print("opened", flush=True)
"""


def opener() -> subprocess.Popen[str]:
    """Start a process that opens each database it is told."""
    return subprocess.Popen(
        [sys.executable, "-c", OPEN],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def told(process: subprocess.Popen[str], path: Path) -> None:
    assert process.stdin
    process.stdin.write(f"{path}\n")
    process.stdin.flush()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    assert process.stderr
    return process.stdout.readline() or process.stderr.read()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lessons.db"


@pytest.fixture
def database(path: Path) -> Iterator[SqliteDatabase]:
    with closing(open_sqlite(path, busy_seconds=0.05)) as opened:
        yield opened


def names(database: SqliteDatabase) -> list[str]:
    return [row["name"] for row in database.read("SELECT name FROM settings ORDER BY name")]


def setting(name: str, value: str = "") -> dict[str, object]:
    return {"name": name, "value": value, "changed_at": 1.0}


def refusal(path: Path) -> str:
    with pytest.raises(StoreError) as caught:
        open_sqlite(path, busy_seconds=0.05)
    return str(caught.value)


def test_a_database_is_made_with_its_folders(tmp_path: Path):
    path = tmp_path / "new" / "folder" / "lessons.db"

    open_sqlite(path).close()

    assert path.is_file()


def test_processes_that_open_a_new_database_at_the_same_time_all_succeed(tmp_path: Path):
    processes = [opener() for _ in range(4)]
    try:
        assert [said(process) for process in processes] == ["ready\n"] * 4
        for number in range(5):
            for process in processes:
                told(process, tmp_path / f"{number}.db")
            assert [said(process) for process in processes] == ["opened\n"] * 4
    finally:
        for process in processes:
            process.communicate()


def test_opening_again_changes_nothing(path: Path):
    with closing(open_sqlite(path)) as database:
        database.insert("settings", [setting("a")])
    with closing(open_sqlite(path)) as database:
        assert names(database) == ["a"]


def test_a_database_of_an_older_version_is_brought_up_to_date_and_keeps_its_lessons(path: Path):
    connection = sqlite3.connect(path)
    with closing(sqlite_utils.Database(connection, execute_plugins=False)) as older:
        migrations.apply(older, stop_before="saved_at")
        lesson = {"id": "old", "created_at": 1.0, "status": "complete", "mode": "parallel"}
        request = request_on().model_dump_json()
        about = {"topic": "Pets", "level": "B1", "request": request}
        older.table("lessons").insert(lesson | about)

    with opened_store(path) as store:
        found = store.lessons.get("old")

    assert found
    assert (found.status, found.saved_at) == (LessonStatus.COMPLETE, None)


def test_the_database_keeps_a_write_ahead_log_and_its_foreign_keys(database: SqliteDatabase):
    assert database.read("PRAGMA journal_mode") == [{"journal_mode": "wal"}]
    assert database.read("PRAGMA foreign_keys") == [{"foreign_keys": 1}]


def test_a_reader_sees_only_what_is_committed_and_does_not_wait(database: SqliteDatabase):
    with database.transaction():
        database.insert("settings", [setting("a")])
        assert names(database) == []

    assert names(database) == ["a"]


def test_a_transaction_that_fails_leaves_nothing(database: SqliteDatabase):
    with pytest.raises(ZeroDivisionError), database.transaction():  # noqa: PT012
        database.insert("settings", [setting("a")])
        database.upsert("settings", setting("b"), ["name"])
        database.execute("INSERT INTO settings (name) VALUES (:name)", name="c")
        with database.transaction():
            database.insert("settings", [setting("d")])
        raise ZeroDivisionError

    database.insert("settings", [setting("e")])
    assert names(database) == ["e"]


def test_a_commit_that_fails_leaves_nothing_and_the_next_write_is_kept(
    database: SqliteDatabase, path: Path
):
    orphan = {"lesson_id": "nobody", "name": "warmup", "status": "waiting", "revision": 0}
    with pytest.raises(StoreError), database.transaction():  # noqa: PT012
        database.execute("PRAGMA defer_foreign_keys = ON")
        database.insert("sections", [orphan])

    database.insert("settings", [setting("a")])

    with closing(open_sqlite(path)) as another:
        assert names(another) == ["a"]
        assert another.read("SELECT * FROM sections") == []


def test_rows_of_one_insert_are_kept_together_or_not_at_all(database: SqliteDatabase):
    with pytest.raises(StoreError):
        database.insert("settings", [setting("a"), setting("a")])

    assert names(database) == []


def test_another_threads_write_waits_and_is_no_part_of_a_transaction(database: SqliteDatabase):
    began, wrote = Event(), Event()

    def write() -> None:
        began.set()
        database.insert("settings", [setting("other")])
        wrote.set()

    thread = Thread(target=write)
    with pytest.raises(ZeroDivisionError), database.transaction():  # noqa: PT012
        database.insert("settings", [setting("mine")])
        thread.start()
        assert began.wait(PATIENCE)
        assert not wrote.is_set()
        raise ZeroDivisionError
    thread.join(PATIENCE)

    assert names(database) == ["other"]


def test_a_database_that_another_program_writes_to_is_busy_and_well_afterwards(
    database: SqliteDatabase, path: Path
):
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"lessons\.db is busy"):
            database.insert("settings", [setting("a")])
        assert names(database) == []
        other.execute("ROLLBACK")

    database.insert("settings", [setting("a")])
    assert names(database) == ["a"]


def test_a_database_that_is_locked_altogether_cannot_be_opened(path: Path):
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert "is busy" in refusal(path)


def test_a_full_disk_is_told_in_a_sentence_and_nothing_is_lost(
    database: SqliteDatabase, path: Path
):
    database.insert("settings", [setting("before")])
    pages = database.read("PRAGMA page_count")[0]["page_count"]
    database.execute(f"PRAGMA max_page_count = {pages + 1}")

    with pytest.raises(StoreError, match="the disk is full"), database.transaction():  # noqa: PT012
        database.insert("settings", [setting("small")])
        database.insert("settings", [setting("large", "x" * 100_000)])
    assert names(database) == ["before"]

    database.execute("PRAGMA max_page_count = 100000")
    database.insert("settings", [setting("later", "x" * 100_000)])
    with closing(open_sqlite(path)) as another:
        assert names(another) == ["before", "later"]


@pytest.mark.parametrize("content", [b"This is a letter.\n" * 100, b"\x00" * 5000])
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(path: Path, content: bytes):
    path.write_bytes(content)

    assert "lessons.db is not a database" in refusal(path)
    assert path.read_bytes() == content


def test_a_damaged_database_is_refused_in_a_sentence(path: Path):
    open_sqlite(path).close()
    content = bytearray(path.read_bytes())
    content[100:4000] = b"\xff" * 3900
    path.write_bytes(bytes(content))

    assert "is damaged" in refusal(path)


def test_a_place_below_a_file_is_refused_in_a_sentence(tmp_path: Path):
    (tmp_path / "full and locked").write_text("a file, not a folder")

    for below in ("lessons.db", "deeper/lessons.db"):
        sentence = refusal(tmp_path / "full and locked" / below)
        assert sentence.startswith("The database lessons.db cannot be opened.")
        assert "folder" in sentence


def test_a_folder_in_place_of_the_file_is_refused_in_a_sentence(path: Path):
    path.mkdir()

    assert "cannot be opened" in refusal(path)


def newer(path: Path, journal: str) -> bytes:
    open_sqlite(path).close()
    with closing(sqlite3.connect(path)) as future:
        future.execute(f"PRAGMA journal_mode = {journal}")
        future.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('lessongen', 'hologram_lessons', '2031-01-01')"
        )
        future.commit()
    return path.read_bytes()


@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
def test_a_database_of_a_newer_version_is_refused_and_left_byte_for_byte(path: Path, journal: str):
    before = newer(path, journal)

    with pytest.raises(NewerDatabaseError, match="hologram_lessons"):
        open_sqlite(path)

    assert path.read_bytes() == before


def test_a_database_that_another_process_prepares_for_too_long_is_told(path: Path):
    with FileLock(f"{path}-migrating.lock"), pytest.raises(StoreError, match="being prepared"):
        open_sqlite(path, preparing_seconds=0.05)


def test_a_store_stays_right_when_many_threads_read_and_write(database: SqliteDatabase):
    store = Store(database)
    lesson_id = store.lessons_of(LOCAL).add(request_on(), "parallel", sample=True)
    store.lessons.claim(lesson_id)
    torn: list[str] = []
    done = Event()

    def write(name: str) -> None:
        for number in range(30):
            text = str(number) * 200
            record = SectionRecord(name, SectionStatus.WRITING, 0, text, error=text)
            store.lessons.save_section(lesson_id, record)

    def read() -> None:
        while not done.is_set():
            lesson = store.lessons.get(lesson_id)
            sections = lesson.sections if lesson else ()
            torn.extend(s.name for s in sections if s.partial != (s.error or ""))

    writers = [Thread(target=write, args=(name,)) for name in SECTIONS]
    readers = [Thread(target=read) for _ in range(3)]
    for thread in (*writers, *readers):
        thread.start()
    for thread in writers:
        thread.join(PATIENCE)
    done.set()
    for thread in readers:
        thread.join(PATIENCE)

    lesson = store.lessons.get(lesson_id)
    assert lesson is not None
    assert [section.revision for section in lesson.sections] == [30] * 9
    assert torn == []
