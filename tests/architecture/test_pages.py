"""Every page is guarded, thin, and reached through the shell only."""

import ast
import json
import re
import urllib.request
from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from lessongen.settings import ROOT
from lessongen.store.records import LessonStatus
from lessongen.store.store import opened_store
from lessongen.ui.guards import Role
from lessongen.ui.navigation import ENTRIES, PAGES
from tests.app import kept
from tests.browser.server import Server, copied_app, running_server
from tests.browser.tab import Tab, chromium

PAGE_FILES = sorted(PAGES.glob("*.py"))
DRAWING_FILES = sorted([*PAGE_FILES, *(ROOT / "lessongen" / "ui").rglob("*.py")])
SHELL = ROOT / "lessongen" / "ui" / "shell.py"
FORBIDDEN = {"asyncio", "google", "sqlite3", "sqlite_utils"}
READERS = {Role.TEACHER: "teachers", Role.ADMIN: "admins", Role.STAFF: "staff"}
TITLES = {entry.name: entry.title for entry in ENTRIES}
HEADINGS = TITLES | {"lesson": "No lesson here"}
PATIENCE = 60_000
TITLE = "![x](http://attacker.example/p.png) <b>x</b> $x^2$ light:red :smile: **x**"
MARKED_UP = [
    "![x](http://attacker.example/p.png)",
    "<img src=http://attacker.example/p.png> <b>bold</b>",
    "[x](http://attacker.example) http://attacker.example www.attacker.example me@attacker.example",
    "$x^2$ and $$y$$",
    ":red[red], the light:red, 12:small",
    ":material/home: :smile: :+1:",
    "`code` **stars** _lines_ ~~gone~~",
    "# Heading",
    "- [ ] item",
    "> quote",
    "```mermaid",
    "| a | b |",
]
TEACHER_STEP = "Ask."
WARMUP = {
    "stage_aim": "To talk",
    "minutes": 5,
    "interaction": "pairs",
    "teacher_steps": [TEACHER_STEP],
    "task": "Talk.",
    "link_to_topic": "Let us read.",
}
ACTIVE = (
    "a, img, iframe, script, b, strong, em, code, del, input, math, .katex, svg, "
    "[style*=color], [style*=font-size], [data-testid=stIconMaterial]"
)


def body(page: Path) -> list[ast.stmt]:
    """Return the statements of a page that come after its docstring and its imports."""
    [docstring, *statements] = ast.parse(page.read_text(encoding="utf-8")).body
    assert isinstance(docstring, ast.Expr)
    return [s for s in statements if not isinstance(s, ast.Import | ast.ImportFrom)]


def imported(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name.split(".")[0] for alias in names)
            case ast.ImportFrom(module=str(module)):
                yield module.split(".")[0]
            case _:
                pass


def address(page: Path) -> str:
    """Return where a page is: the shell names the first one by no name at all."""
    return "" if page.stem == "generate" else page.stem


def guarded_role(page: Path) -> Role:
    """Return the role the first statement of a page asks for."""
    guard = re.fullmatch(r"only_for\(Role\.(\w+)\)", ast.unparse(body(page)[0]))
    assert guard, f"{page.name} begins with {ast.unparse(body(page)[0])!r}"
    return Role[guard[1]]


def test_the_navigation_names_every_page_with_the_role_of_its_guard():
    guarded = {page.stem: guarded_role(page) for page in PAGE_FILES}

    assert len(guarded) == len(ENTRIES) == 5
    assert {entry.name: entry.role for entry in ENTRIES} == guarded


@pytest.mark.parametrize("page", PAGE_FILES, ids=lambda page: page.stem)
def test_a_page_begins_with_its_guard(page: Path):
    assert guarded_role(page) in Role


@pytest.mark.parametrize("page", PAGE_FILES, ids=lambda page: page.stem)
def test_the_first_line_of_a_page_says_who_may_see_it(page: Path):
    first_line = page.read_text(encoding="utf-8").splitlines()[0]

    assert first_line.startswith(f'"""For {READERS[guarded_role(page)]}: ')


@pytest.mark.parametrize("page", PAGE_FILES, ids=lambda page: page.stem)
def test_a_page_speaks_to_no_database_model_or_event_loop(page: Path):
    assert FORBIDDEN.isdisjoint(imported(page))


@pytest.mark.parametrize("source", DRAWING_FILES, ids=lambda source: source.stem)
def test_nothing_is_drawn_as_html_but_files_of_our_own(source: Path):
    text = source.read_text(encoding="utf-8")

    # A constant, such as the path of a style sheet, holds nothing that a person or a model wrote.
    assert not re.findall(r"unsafe_allow_html|st\.html\((?![A-Z_]+\))|components\.v1", text)


def test_no_folder_of_pages_stands_beside_the_script_that_streamlit_runs():
    assert SHELL.is_file()
    assert not (SHELL.parent / "pages").exists()


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def tab(browser: Browser) -> Generator[Tab]:
    tab = Tab(browser)
    yield tab
    tab.close()


@pytest.fixture(scope="module")
def app_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied_app(tmp_path_factory.mktemp("app"))


@pytest.fixture(scope="module")
def server(app_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """Start a server that pages have been opened on before."""
    database = tmp_path_factory.mktemp("lessons") / "lessons.db"
    with running_server(app_copy, database) as server:
        yield server


@contextmanager
def fresh_server(app: Path, database: Path, roles: set[Role]) -> Generator[Server]:
    """Start a server that nobody has asked for a page, whose one user has these roles only."""
    visitors = app / "lessongen" / "ui" / "visitors.py"
    before = visitors.read_text(encoding="utf-8")
    names = sorted(role.value for role in roles)
    visitors.write_text(f"{before}\nLOCAL_ROLES = frozenset(map(Role, {names}))\n", "utf-8")
    try:
        with running_server(app, database) as server:
            yield server
    finally:
        visitors.write_text(before, encoding="utf-8")


def expect_navigation(page: Page, roles: Collection[Role]) -> None:
    titles = [re.compile(f"{entry.title}$") for entry in ENTRIES if entry.role in roles]
    expect(page.get_by_test_id("stTopNavLink")).to_have_text(titles, timeout=PATIENCE)


@pytest.mark.parametrize("page_file", PAGE_FILES, ids=lambda page: page.stem)
def test_a_page_that_is_the_first_thing_a_server_is_asked_for_is_guarded(
    page_file: Path, tab: Tab, app_copy: Path, tmp_path: Path
):
    others = set(Role) - {guarded_role(page_file)}

    with fresh_server(app_copy, tmp_path / "lessons.db", others) as fresh:
        tab.page.goto(f"{fresh.url}/{address(page_file)}")

        alert = tab.page.get_by_test_id("stAlert")
        reader = READERS[guarded_role(page_file)]
        expect(alert).to_have_text(re.compile(f"This page is for {reader}.$"), timeout=PATIENCE)
        expect_navigation(tab.page, others)
        expect(tab.page.locator(".st-key-closed")).to_be_visible()
        expect(tab.page.get_by_test_id("stHeading")).to_have_count(0)
        expect(tab.page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize("page_file", PAGE_FILES, ids=lambda page: page.stem)
def test_a_page_opens_by_its_address_for_a_person_with_the_role(
    page_file: Path, tab: Tab, server: Server
):
    tab.page.goto(f"{server.url}/{address(page_file)}")

    heading = tab.page.get_by_role("heading", name=HEADINGS[page_file.stem], exact=True)
    expect(heading).to_be_visible(timeout=PATIENCE)
    expect_navigation(tab.page, Role)
    expect(tab.page.locator(".st-key-closed")).to_have_count(0)
    expect(tab.page.get_by_test_id("stAlertContentError")).to_have_count(0)


def test_what_a_model_marked_up_is_read_in_the_browser_as_it_was_written(tab: Tab, server: Server):
    with opened_store(server.database) as store:
        lesson = kept.planned(store, TITLE, sections=("warmup",))
        for_class = {"questions": MARKED_UP[:6], "sample_answers": MARKED_UP[6:]}
        kept.write(store, lesson, "warmup", json.dumps(WARMUP | for_class))
        kept.finish(store, lesson, LessonStatus.COMPLETE)

    tab.page.goto(f"{server.url}/lesson?lesson={lesson}")

    title, card = (
        tab.page.locator(".st-key-plan-card strong"),
        tab.page.locator(".st-key-section-warmup"),
    )
    expect(title).to_be_visible(timeout=PATIENCE)
    expect(card.locator("li")).to_have_count(1 + len(MARKED_UP), timeout=PATIENCE)
    items = [item.replace("\u2060", "") for item in card.locator("li").all_inner_texts()]
    assert title.inner_text().replace("\u2060", "") == TITLE
    assert items == [TEACHER_STEP, *MARKED_UP]
    assert title.locator(ACTIVE).count() == card.locator("li").locator(ACTIVE).count() == 0
    assert tab.asked_elsewhere() == []


@pytest.mark.parametrize("path", ["/", "/lesson", "/favicon.png", "/_stcore/health", "script"])
def test_every_answer_carries_the_security_headers(path: str, server: Server):
    place = first_script(server) if path == "script" else path

    with urllib.request.urlopen(server.url + place) as answer:
        headers = answer.headers

    policy = headers["Content-Security-Policy"]
    for rule in ("default-src 'self'", "img-src 'self' data: blob:;", "object-src 'none'"):
        assert rule in policy
    assert "frame-ancestors 'self'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def first_script(server: Server) -> str:
    """Return the address of a file of Streamlit's own, as its page names it."""
    with urllib.request.urlopen(server.url) as answer:
        found = re.search(r'src="\.?(/static/js/[^"]+\.js)"', answer.read().decode())
    assert found
    return found[1]
