"""What the columns of both tables are called, and what their help says."""

from collections.abc import Sequence
from typing import get_args

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from lessongen.generation.strategy import Priority, Thinking
from lessongen.generation.strategy_tables import NEW_SLOT
from lessongen.lesson.parts import PARTS, part_title
from lessongen.lesson.sections import SECTIONS
from lessongen.ui.assignments.frames import AS_STRATEGY, OFF, ON, PART

_COLUMN = st.column_config
_PER_MILLION = (
    "US dollars for a million tokens. Fill in all three prices, or none: then Google’s list holds."
)


def assignment_columns(slots: Sequence[str]) -> dict[str, ColumnConfig]:
    """Return the columns of the table of assignments."""
    return {
        PART: _COLUMN.SelectboxColumn(
            "Section",
            options=PARTS,
            format_func=_title,
            disabled=True,
            pinned=True,
            width=125,
            help="The plan comes first: every section is written from it.",
        ),
        "slot": _COLUMN.SelectboxColumn(
            "Slot", options=slots, width=120, help="The model slot that writes the section."
        ),
        "fallbacks": _COLUMN.MultiselectColumn(
            "Fallbacks, in order",
            options=slots,
            width=220,
            help="Who helps out when the slot cannot: the first one first. To change the order, "
            "take them out and choose them again.",
        ),
        "priority": _COLUMN.SelectboxColumn(
            "Priority",
            options=get_args(Priority),
            width=90,
            help="Who goes first where a model is busy.",
        ),
        "deadline_seconds": _COLUMN.NumberColumn(
            "Deadline (seconds)",
            format="%g",
            width=140,
            help="Everything counts: waiting, second tries and fallbacks. From 2 to 600.",
        ),
        "waits_for": _COLUMN.MultiselectColumn(
            "Waits for",
            options=list(SECTIONS),
            format_func=_title,
            width=150,
            help="Sections that are written before, so that this one is written with them in "
            "view. All the others start at once.",
        ),
        "hedging": _COLUMN.SelectboxColumn(
            "Hedging",
            options=(AS_STRATEGY, ON, OFF),
            width=115,
            help="Whether another slot is asked besides when a model is late. “As for all”: the "
            "switch below the table decides.",
        ),
    }


def slot_columns() -> dict[str, ColumnConfig]:
    """Return the columns of the table of slots."""
    return {
        "name": _COLUMN.TextColumn(
            "Slot",
            pinned=True,
            width=120,
            help="A name of your own, such as primary: small letters, digits, - and _.",
        ),
        "model": _COLUMN.TextColumn(
            "Model", width=185, help="The model’s id as Google writes it, such as gemini-3.8-flash."
        ),
        "enabled": _COLUMN.CheckboxColumn(
            "In use", width=85, default=True, help="A slot that is not in use is never asked."
        ),
        "thinking": _COLUMN.SelectboxColumn(
            "Thinking",
            options=get_args(Thinking),
            width=95,
            help="How long the model thinks before it writes. Empty: as the model likes.",
        ),
        **_limit_columns(),
        **_time_columns(),
        **_price_columns(),
    }


def _title(name: object) -> str:
    return part_title(str(name))


def _limit_columns() -> dict[str, ColumnConfig]:
    return {
        "requests_per_minute": _count(
            "requests_per_minute",
            "Requests a minute",
            145,
            "What your account allows. Google AI Studio shows it, under Rate limits.",
        ),
        "input_tokens_per_minute": _count(
            "input_tokens_per_minute",
            "Input tokens a minute",
            165,
            "What your account allows. Google AI Studio shows it, under Rate limits.",
        ),
        "requests_per_day": _count(
            "requests_per_day",
            "Requests a day",
            125,
            "What your account allows in a day, which ends at midnight in California.",
        ),
        "concurrency": _count(
            "concurrency",
            "At the same time",
            145,
            "How many requests may be under way at one time.",
        ),
    }


def _time_columns() -> dict[str, ColumnConfig]:
    return {
        "timeout_seconds": _seconds(
            "timeout_seconds", "Whole answer (seconds)", 175, "How long a whole answer may take."
        ),
        "first_event_seconds": _seconds(
            "first_event_seconds",
            "First sign of life (seconds)",
            200,
            "How long the model may be silent before its first word or thought.",
        ),
        "idle_seconds": _seconds(
            "idle_seconds",
            "Pause within (seconds)",
            170,
            "How long the model may be silent in the middle of its answer.",
        ),
        "max_output_tokens": _count(
            "max_output_tokens",
            "Longest answer (tokens)",
            175,
            "Where a model is cut off. Its thinking counts too.",
        ),
    }


def _price_columns() -> dict[str, ColumnConfig]:
    named = {"input_price": "input", "output_price": "output", "cached_price": "cached input"}
    return {
        field: _COLUMN.NumberColumn(
            f"Own price: {kind} ($)", format="%g", width=190, help=_PER_MILLION
        )
        for field, kind in named.items()
    }


def _count(field: str, label: str, width: int, told: str) -> ColumnConfig:
    return _COLUMN.NumberColumn(
        label, format="localized", width=width, step=1, default=getattr(NEW_SLOT, field), help=told
    )


def _seconds(field: str, label: str, width: int, told: str) -> ColumnConfig:
    return _COLUMN.NumberColumn(
        label, format="%g", width=width, default=getattr(NEW_SLOT, field), help=told
    )
