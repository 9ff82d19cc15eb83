"""What the cards of rules share: what counts now, who changed it last, and saving."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st
from pydantic import BaseModel, ValidationError

from lessongen.errors import LessonGenError
from lessongen.people import LOCAL
from lessongen.store.preferences import LastChange
from lessongen.ui.drawing import plain
from lessongen.ui.trouble import show_trouble
from lessongen.wording import moment_name

FROM_THE_NEXT_LESSON = "Saved. It counts from the next lesson on."
_FAULTS = {
    "share": "The share has to be {} %.",
    "lessons_per_teacher": "The lessons have to be a number {}, or left empty.",
    "dollars": "The dollars have to be {}, or left empty.",
    "days": "The days have to be {}, or left empty.",
}
RuleT = TypeVar("RuleT", bound=BaseModel)


def fill_once(key: str, value: object) -> None:
    """Fill a field that is drawn for the first time; what somebody typed stays."""
    st.session_state.setdefault(key, value)


def typed_rule(rule: type[RuleT], typed: Mapping[str, object]) -> RuleT | None:
    """Return what was typed as a rule; where it can be none, say so in place and return None."""
    try:
        return rule.model_validate(typed)
    except ValidationError as error:
        fields = [str(fault["loc"][0]) for fault in error.errors()]
        faults = [_FAULTS[field].format(_bounds(rule, field)) for field in fields]
        st.warning(" ".join(faults), icon=":material/edit:")
        return None


def save_rule(save: Callable[[], None], said: str) -> None:
    """Save a rule, and say a sentence; where it cannot be saved, say so in place."""
    try:
        save()
    except LessonGenError as error:
        show_trouble(error)
    else:
        st.caption(f":material/check: {said}")


def tell_rule(sentence: str, change: LastChange | None) -> None:
    """Say what counts now, and who changed it last."""
    st.markdown(plain(sentence))
    st.caption(plain(_changed(change)))


def _bounds(rule: type[BaseModel], field: str) -> str:
    schema = rule.model_json_schema()["properties"][field]
    number = schema.get("anyOf", [schema])[0]
    return f"from {number['minimum']:,.0f} to {number['maximum']:,.0f}"


def _changed(change: LastChange | None) -> str:
    if change is None:
        return "Nobody has changed this yet."
    by = f" by {change.by}" if change.by and change.by != LOCAL else ""
    return f"Changed{by} on {moment_name(change.at)}."
