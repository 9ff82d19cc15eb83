"""The table “Models for this lesson”: who writes which part of one lesson, and how urgently."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

import streamlit as st

from lessongen.administration.own_choices import OwnDefaults, own_choices, usual_choices
from lessongen.errors import RequestError, StoreError
from lessongen.generation.strategy import OwnAssignment, Priority, Strategy
from lessongen.lesson.parts import PARTS, part_title
from lessongen.lesson.prompts import BRIEF
from lessongen.services import Services
from lessongen.ui.drawing import plain
from lessongen.ui.trouble import attempted, show_trouble

_RESETS = "own_models_resets"
_SECTION = "section"
_FEW = 3
_ABOUT = (
    "Every section has the model that suits it. If a model fails, the usual ones help out. "
    "On a narrow screen the table scrolls sideways, to priority and deadline."
)
_FOR_THIS_LESSON = (
    "What you change here counts for this lesson only, unless you press “Use as my default”."
)
_DEFAULT = "The table shows your default, which counts for all your new lessons. "


@dataclass(frozen=True, slots=True)
class OwnModels:
    """What a teacher chose by part; `trouble` is a sentence where something cannot be used."""

    choices: Mapping[str, OwnAssignment] = field(default_factory=dict[str, OwnAssignment])
    trouble: str = ""

    def among(self, sections: Collection[str]) -> dict[str, OwnAssignment]:
        """Return what was chosen for a lesson of these sections, and for its plan.

        Raises:
            RequestError: where something that was chosen cannot be used.
        """
        if self.trouble:
            raise RequestError(f"Models for this lesson: {self.trouble}")
        parts = {BRIEF, *sections}
        return {part: choice for part, choice in self.choices.items() if part in parts}


def own_models(services: Services, person: str) -> OwnModels:
    """Draw the table, folded, and return what is chosen in it."""
    defaults, strategy = OwnDefaults(services.store.preferences), services.strategy
    with st.expander("Models for this lesson", icon=":material/tune:"):
        st.caption(_ABOUT)
        lasting = st.container()
        own = _chosen(_edited(_found(defaults, person, strategy), strategy), strategy)
        if own.trouble:
            st.warning(plain(own.trouble), icon=":material/edit:")
        with st.container(horizontal=True):
            st.button(
                "Reset",
                key="own-models-reset",
                icon=":material/undo:",
                help="Back to what your admin has set.",
                on_click=_reset,
                disabled=not (own.choices or own.trouble),
            )
            # No callback: that would get the table as it was before the last cell was typed.
            if st.button("Use as my default", key="own-models-keep", disabled=bool(own.trouble)):
                attempted(_keep)(defaults, person, own)
        lasting.caption(_lasting(defaults, person, strategy, own))
    return own


def forget_reset() -> None:
    """Begin the next lesson with the teacher's default again."""
    st.session_state.pop(_RESETS, None)


def choice_sentence(own: OwnModels) -> str:
    """Return a sentence on what is chosen; empty where nothing is."""
    titles = [part_title(part) for part in PARTS if part in own.choices]
    if not titles:
        return ""
    if len(titles) > _FEW:
        return f"Your own choice of models counts for {len(titles)} parts."
    return f"Your own choice of models counts for: {', '.join(titles)}."


def _lasting(defaults: OwnDefaults, person: str, strategy: Strategy, own: OwnModels) -> str:
    """Say for which lessons the table counts as it is."""
    try:
        default = defaults.of(person, strategy)
    except StoreError:
        return _FOR_THIS_LESSON  # that it cannot be read is told already
    shown = default and not own.trouble and own.choices == default
    return f"{_DEFAULT}{_FOR_THIS_LESSON}" if shown else _FOR_THIS_LESSON


def _reset() -> None:
    st.session_state[_RESETS] = st.session_state.get(_RESETS, 0) + 1


def _keep(defaults: OwnDefaults, person: str, own: OwnModels) -> None:
    defaults.keep(person, own.choices)
    st.toast("This is your default now.", icon=":material/check:")


def _found(defaults: OwnDefaults, person: str, strategy: Strategy) -> Mapping[str, OwnAssignment]:
    """Return what the table shows before anything is changed in it."""
    usual = usual_choices(strategy)
    if _RESETS in st.session_state:
        return usual
    try:
        return usual | defaults.of(person, strategy)
    except StoreError as error:
        show_trouble(error)
        return usual


def _edited(found: Mapping[str, OwnAssignment], strategy: Strategy) -> list[dict[str, Any]]:
    """Draw the table and return its rows; what it returns is never what it is given next."""
    models = {name: slot.model for name, slot in strategy.slots.items() if slot.enabled}
    columns = st.column_config
    return st.data_editor(
        [{_SECTION: part_title(part), **found[part].model_dump()} for part in PARTS],
        key=f"own-models-{st.session_state.get(_RESETS, 0)}",
        hide_index=True,
        disabled=[_SECTION],
        column_config={
            _SECTION: columns.TextColumn("Section", width=110),
            "slot": columns.SelectboxColumn(
                "Model slot",
                options=[*models],
                format_func=lambda name: f"{name} ({models[str(name)]})",
                required=True,
                width=270,
            ),
            "priority": columns.SelectboxColumn(
                "Priority",
                options=[*get_args(Priority)],
                required=True,
                width=90,
                help="Who goes first when a model has more to do than it can.",
            ),
            "deadline_seconds": columns.NumberColumn(
                "Deadline (s)",
                width=100,
                help="Seconds for everything: waiting, writing, and other models helping out.",
            ),
        },
    )


def _chosen(rows: list[dict[str, Any]], strategy: Strategy) -> OwnModels:
    fields = OwnAssignment.model_fields
    typed = {
        part: {name: row[name] for name in fields} for part, row in zip(PARTS, rows, strict=True)
    }
    try:
        return OwnModels(own_choices(typed, strategy))
    except RequestError as error:
        return OwnModels(trouble=str(error))
