"""Every page is guarded, thin, and reached through the shell only."""

import ast
import re
import urllib.request
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from lessongen.settings import ROOT
from lessongen.store.store import opened_store
from lessongen.ui.guards import Role
from lessongen.ui.navigation import PAGES
from tests.app import kept
from tests.app.served import Server, served
from tests.find_chromium import require_chromium

PAGE_FILES = sorted(PAGES.glob("*.py"))
DRAWING_FILES = sorted([*PAGE_FILES, *(ROOT / "lessongen" / "ui").rglob("*.py")])
SHELL = ROOT / "lessongen" / "ui" / "shell.py"
FORBIDDEN = {"asyncio", "google", "sqlite3", "sqlite_utils"}
READERS = {Role.TEACHER: "teachers", Role.ADMIN: "admins", Role.STAFF: "staff"}
TITLES = ["New lesson", "Lesson", "Library"]
HEADINGS = {"generate": "New lesson", "lesson": "No lesson here", "library": "Library"}
PATIENCE = 60_000
HOSTILE = (
    "![x](http://attacker.example/p.png) <img src=http://attacker.example/q.png> "
    "[link](http://attacker.example) www.attacker.example $x^2$ :red[red] light:red "
    ":material/home: :smile: <b>bold</b> **stars** `code`"
)
ACTIVE = (
    "a, img, iframe, script, b, code, .katex, math, [style*=color], [data-testid=stIconMaterial]"
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


def test_there_are_pages():
    assert {page.stem for page in PAGE_FILES} >= HEADINGS.keys()


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
def test_nothing_is_drawn_as_html(source: Path):
    text = source.read_text(encoding="utf-8")

    assert not re.findall(r"unsafe_allow_html|st\.html\(|components\.v1", text)


def test_no_folder_of_pages_stands_beside_the_script_that_streamlit_runs():
    assert SHELL.is_file()
    assert not (SHELL.parent / "pages").exists()


def test_the_shell_names_every_page():
    named = set(re.findall(r'page_file\("(\w+)"\)', SHELL.read_text(encoding="utf-8")))

    assert named == {page.stem for page in PAGE_FILES}


@pytest.fixture(scope="module")
def chromium() -> Generator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=require_chromium(), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Browser) -> Generator[Page]:
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """A server that pages have been opened on before."""
    with served(tmp_path_factory.mktemp("served")) as server:
        yield server


def expect_navigation(tab: Page) -> None:
    links = tab.get_by_test_id("stTopNavLink")
    expect(links).to_have_text([re.compile(f"{title}$") for title in TITLES], timeout=PATIENCE)


@pytest.mark.parametrize("page", PAGE_FILES, ids=lambda page: page.stem)
def test_a_page_that_is_the_first_thing_a_server_is_asked_for_is_guarded(
    page: Path, tab: Page, tmp_path: Path
):
    others = " ".join(set(Role) - {guarded_role(page)})

    with served(tmp_path, roles=others) as fresh:
        tab.goto(f"{fresh.url}/{address(page)}")

        expect(tab.get_by_test_id("stAlert")).to_have_text(
            re.compile("This page is closed to you.$"), timeout=PATIENCE
        )
        expect_navigation(tab)
        expect(tab.get_by_test_id("stHeading")).to_have_count(0)
        expect(tab.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize("page", PAGE_FILES, ids=lambda page: page.stem)
def test_a_page_opens_by_its_address_for_a_person_with_the_role(
    page: Path, tab: Page, server: Server
):
    tab.goto(f"{server.url}/{address(page)}")

    heading = tab.get_by_role("heading", name=HEADINGS[page.stem], exact=True)
    expect(heading.first).to_be_visible(timeout=PATIENCE)
    expect_navigation(tab)
    expect(tab.get_by_test_id("stAlert")).to_have_count(0)


def test_what_a_model_marked_up_is_read_in_the_browser_as_it_was_written(tab: Page, server: Server):
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    with opened_store(server.database) as store:
        lesson = kept.planned(store, HOSTILE, sections=("warmup",))
        kept.write(store, lesson, "warmup", kept.content("warmup", HOSTILE))
        kept.finish(store, lesson, kept.LessonStatus.COMPLETE)

    tab.goto(f"{server.url}/lesson?lesson={lesson}")

    title = tab.locator("h1")
    expect(title).to_be_visible(timeout=PATIENCE)
    assert title.inner_text().replace("\u2060", "") == HOSTILE
    assert tab.locator("h1").locator(ACTIVE).count() == 0
    assert [url for url in asked if "attacker" in url] == []


@pytest.mark.parametrize("path", ["/", "/lesson", "/favicon.png", "/_stcore/health", "static"])
def test_every_answer_carries_the_security_headers(path: str, server: Server):
    if path == "static":
        path = first_script(server)

    with urllib.request.urlopen(server.url + path) as answer:
        headers = answer.headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "img-src 'self' data: blob:;" in policy
    assert "object-src 'none'" in policy
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
