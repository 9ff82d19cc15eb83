"""LessonGen's pages as a person meets them, drawn without a server or a browser."""

import re
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from lessongen.settings import ROOT
from lessongen.ui.navigation import LESSON_PARAMETER, page_file

SHELL = ROOT / "lessongen" / "ui" / "shell.py"
FIRST_PAGE = "generate"
PATIENCE_SECONDS = 60.0


def opened(page: str = FIRST_PAGE, lesson: str | None = None, shell: Path = SHELL) -> AppTest:
    """Return a page as a new visitor finds it."""
    app = AppTest.from_file(shell, default_timeout=PATIENCE_SECONDS).run()
    return app if page == FIRST_PAGE else turned_to(app, page, lesson)


def turned_to(app: AppTest, page: str, lesson: str | None = None) -> AppTest:
    """Go to a page as the navigation does: what follows the question mark is dropped.

    From then on AppTest draws this page on every run, even after a button led elsewhere.
    """
    app.query_params = {LESSON_PARAMETER: lesson} if lesson else {}
    return app.switch_page(str(page_file(page))).run()


def pressed(app: AppTest, label: str) -> AppTest:
    """Press the one button with this label."""
    [button] = [button for button in app.button if button.label == label]
    return button.click().run()


def labels(app: AppTest) -> list[str]:
    """Return the buttons that can be pressed, by their labels."""
    return [button.label for button in app.button if not button.disabled]


def field(widgets: Any, label: str) -> Any:
    """Return the one widget with this label."""
    [found] = [widget for widget in widgets if widget.label == label]
    return found


def text_of(app: AppTest) -> str:
    """Return everything on the page that is there to be read, as Streamlit's Markdown."""
    alerts = [*app.error, *app.warning, *app.info, *app.success]
    texts = [*app.title, *app.subheader, *app.markdown, *app.caption]
    told = [*sentences(alerts), *(bar.text for bar in app.progress)]
    return "\n".join([*(str(text.value) for text in texts), *told])


def sentences(alerts: Any) -> list[str]:
    """Return alerts as they are read: without the marks that keep their text from acting."""
    return [re.sub(r"\\(?=[^\w\s]|_)", "", str(alert.value)) for alert in alerts]


def card(app: AppTest, section: str) -> str:
    """Return the text of one section's card."""
    drawn = app.container(key=f"section-{section}")
    texts = [*drawn.subheader, *drawn.caption, *drawn.markdown, *drawn.warning]
    return "\n".join(str(text.value) for text in texts)


def plan(app: AppTest) -> str:
    """Return the text of the card that tells the plan of the lesson."""
    return str(app.container(key="plan-card").markdown[0].value)


def is_waiting(app: AppTest, section: str) -> bool:
    """Say whether a section's card shows a placeholder."""
    return len(app.container(key=f"section-{section}").get("skeleton")) == 1
