"""What the cards of rules share: what counts now, who changed it last, and saving."""

from collections.abc import Callable
from datetime import datetime

import streamlit as st
from pydantic import ValidationError

from lessongen.errors import LessonGenError
from lessongen.people import LOCAL
from lessongen.store.preferences import LastChange
from lessongen.ui.drawing import plain
from lessongen.ui.trouble import show_trouble

_BOUNDS = {
    "share": "The share has to be from 0 to 100 %.",
    "lessons_per_teacher": "The lessons have to be a number from 0 to 100,000, or left empty.",
    "dollars": "The dollars have to be from 0 to 1,000,000, or left empty.",
    "days": "The days have to be from 7 to 3,650, or left empty.",
}


def fill_once(key: str, value: object) -> None:
    """Fill a field that is drawn for the first time; what somebody typed stays."""
    st.session_state.setdefault(key, value)


def save_typed(save: Callable[[], None]) -> None:
    """Save what was typed; where it cannot be, say so in place."""
    try:
        save()
    except ValidationError as error:
        fields = [str(fault["loc"][0]) for fault in error.errors()]
        st.warning(" ".join(_BOUNDS[field] for field in fields), icon=":material/edit:")
    except LessonGenError as error:
        show_trouble(error)
    else:
        st.caption(":material/check: Saved. It counts from the next lesson on.")


def tell_rule(sentence: str, change: LastChange | None) -> None:
    """Say what counts now, and who changed it last."""
    st.markdown(plain(sentence))
    st.caption(plain(_changed(change)))


def _changed(change: LastChange | None) -> str:
    if change is None:
        return "Nobody has changed this yet."
    when = datetime.fromtimestamp(change.at)  # noqa: DTZ006 - the server's own clock
    by = f" by {change.by}" if change.by and change.by != LOCAL else ""
    return f"Changed{by} on {when.day} {when:%B %Y, %H:%M}."
