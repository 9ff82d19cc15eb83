"""What an admin asks of all models at once: whether they answer, and whether they are listed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from pydantic import ValidationError

from lessongen.generation.model_lists import ModelCheck, ModelChecks
from lessongen.generation.slot_tests import SlotTest, SlotTests
from lessongen.services import Services
from lessongen.store.errands import Errand, ErrandKind
from lessongen.ui.drawing import plain
from lessongen.ui.guards import current_person
from lessongen.ui.slot_words import duration
from lessongen.ui.trouble import for_admins
from lessongen.wording import UNKNOWN, counted, moment_name, who

_PATIENCE_SECONDS = 5.0
_NOBODY = "The server’s runner does not answer; is LessonGen running?"
_UNFINISHED = "Nobody finished this in time. Please ask again."
_UNREADABLE = "What came of it was kept by another version and cannot be shown. Please ask again."
_NOT_OF_NOW = {
    True: "These answers came from the emulator, before a key was set. Please ask again.",
    False: "These answers came from a server that is not asked any more: no key is set now, and "
    "the emulator answers. Please ask again.",
}
_ASKING = ":gray[asking …]"
_LISTED = {
    True: ":material/check: yes",
    False: ":material/close: no",
    None: ":material/question_mark: unknown",
}


@dataclass(frozen=True, slots=True)
class _Shown:
    """What came of an errand: a table by columns, a sentence for each row in trouble, a note.

    The sentences are no column: on a phone it would be a word wide. `calm` is said without any.
    `sample` says whether the emulator answered, None where nobody noted it.
    """

    table: Mapping[str, Sequence[str]]
    troubles: Sequence[str]
    calm: str
    note: str
    sample: bool | None


@dataclass(frozen=True, slots=True)
class _Kind:
    """An errand as it is offered, told while it is under way, and shown when it is over."""

    kind: ErrandKind
    label: str
    icon: str
    help: str
    asking: str
    shown: Callable[[str], _Shown]


def slot_errands(services: Services) -> None:
    """Draw a button for each errand, and what came of the newest of each.

    Raises:
        StoreError: where it cannot be read.
    """
    newest = [(kind, services.store.errands.newest(kind.kind)) for kind in _KINDS]
    now = services.store.now()
    with st.container(horizontal=True, key="slot-errands"):
        for kind, errand in newest:
            st.button(
                kind.label,
                key=f"ask-{kind.kind}",
                icon=kind.icon,
                help=kind.help,
                disabled=errand is not None and not errand.over and not errand.stale(now),
                on_click=for_admins(_ask),
                args=(services, kind.kind),
            )
    for kind, errand in newest:
        if errand:
            with st.container(key=f"errand-{kind.kind}"):
                _told(kind, errand, now, sample=services.settings.sample_mode)


def _told(kind: _Kind, errand: Errand, now: float, *, sample: bool) -> None:
    if errand.error:
        st.error(f"{kind.label}: {plain(errand.error)}", icon=":material/error:")
    elif errand.stale(now):
        st.warning(f"{kind.label}: {_UNFINISHED}", icon=":material/error:")
    elif errand.begun_at is None:
        _waiting(kind, now - errand.asked_at)
    else:
        since = duration(now - errand.begun_at)
        under_way = f"{kind.asking}, since {since}" if not errand.over else None
        _result(kind, errand, under_way, sample=sample)


def _waiting(kind: _Kind, seconds: float) -> None:
    if seconds > _PATIENCE_SECONDS:
        st.warning(f"{kind.label}: {_NOBODY}", icon=":material/error:")
    else:
        st.caption(f"**{kind.label}** · :material/hourglass: Waiting for the server’s runner")


def _result(kind: _Kind, errand: Errand, under_way: str | None, *, sample: bool) -> None:
    asked = f"{moment_name(errand.asked_at)} · asked by {plain(who(errand.asked_by))}"
    if not errand.result:
        st.caption(f"**{kind.label}** · :material/hourglass: {under_way}")
        return
    try:
        shown = kind.shown(errand.result)
    except ValidationError:
        st.warning(f"{kind.label}: {_UNREADABLE}", icon=":material/error:")
        return
    if shown.sample is (not sample):  # a key was set meanwhile, or taken away
        st.caption(f"**{kind.label}** · {asked}. {_NOT_OF_NOW[not sample]}")
        return
    told = f":material/hourglass: {under_way}" if under_way else f"{asked} · {shown.note}"
    st.caption(f"**{kind.label}** · {told}")
    st.table(shown.table, border="horizontal", hide_index=True)
    if shown.troubles:
        st.markdown("\n".join(f"- {sentence}" for sentence in shown.troubles))
    elif errand.over:
        st.markdown(shown.calm)


def _tests(result: str) -> _Shown:
    found = SlotTests.model_validate_json(result)
    tests = found.tests
    table = {
        "Slot": [_slot(test) for test in tests],
        "Structured": [_structured(test) for test in tests],
        "First text": [_seconds(test, test.first_text_seconds) for test in tests],
        "Whole answer": [
            _seconds(test, None if test.structured is None else test.seconds) for test in tests
        ],
        "Tokens a second": [_number(test, test.tokens_per_second) for test in tests],
        "Answer": [_outcome(test) for test in tests],
        "Model": [plain(test.model) for test in tests],
    }
    troubles = [f"**{plain(test.slot)}**: {plain(test.error)}" for test in tests if test.error]
    note = "one question a slot, which counts as a request at the server"
    return _Shown(table, troubles, "Every slot answers as it should.", note, found.sample)


def _checks(result: str) -> _Shown:
    found = ModelChecks.model_validate_json(result)
    table = {
        "Slot": [_slot(check) for check in found.checks],
        "On the list": [_LISTED[check.listed] for check in found.checks],
        "Model": [plain(check.model) for check in found.checks],
    }
    troubles = [f"**{plain(c.slot)}**: {plain(c.sentence)}" for c in found.checks if c.sentence]
    note = f"{counted(found.models, 'model')} on the server’s list"
    calm = "Every slot’s model is listed, and none is to be shut down."
    return _Shown(table, troubles, calm, note, found.sample)


_KINDS = (
    _Kind(
        "test_slots",
        "Test models",
        ":material/speed:",
        "Ask every slot one small question now, closed ones too.",
        "Asking every slot one small question",
        _tests,
    ),
    _Kind(
        "list_models",
        "Check model list",
        ":material/checklist:",
        "Look whether the server still lists every slot’s model.",
        "Asking the server for its list of models",
        _checks,
    ),
)


def _slot(row: SlotTest | ModelCheck) -> str:
    return plain(row.slot) + ("" if row.enabled else " :gray[(switched off)]")


def _seconds(test: SlotTest, seconds: float | None) -> str:
    if seconds is None:
        return UNKNOWN if test.over else _ASKING
    return f"{seconds:.1f}\N{NO-BREAK SPACE}s"


def _number(test: SlotTest, number: float | None) -> str:
    if number is None:
        return UNKNOWN if test.over else _ASKING
    return f"{number:.0f}"


def _structured(test: SlotTest) -> str:
    if not test.over:
        return _ASKING
    return UNKNOWN if test.structured is None else _LISTED[test.structured]


def _outcome(test: SlotTest) -> str:
    if not test.over:
        return _ASKING
    return ":material/error: trouble" if test.error else ":material/check: good"


def _ask(services: Services, kind: ErrandKind) -> None:
    services.store.errands.ask(kind, current_person().id)
