"""The doctor: what is set up and what is missing, as sentences; no model is asked."""

import math
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lessongen.administration.strategy_in_force import StrategyInForce
from lessongen.errors import LessonGenError
from lessongen.generation.strategy import Strategy
from lessongen.generation.strategy_source import StrategySource
from lessongen.lesson.levels import Level
from lessongen.lesson.samples import SampleBank, load_samples
from lessongen.people import Role
from lessongen.settings import ROOT, SECRETS_FILE, Settings, read_settings
from lessongen.store.store import Store, opened_store

OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; where it is not `ok`, the sentence says what to do."""

    ok: bool
    sentence: str


def diagnosed(
    environment: Mapping[str, str], today: date, root: Path = ROOT
) -> tuple[Finding, ...]:
    """Look at everything LessonGen needs; the database is made where there is none."""
    try:
        settings = read_settings(environment, root)
    except LessonGenError as error:
        return _python(), Finding(ok=False, sentence=str(error))
    looks: tuple[Callable[[], Iterator[Finding]], ...] = (
        lambda: _key(settings),
        lambda: _server(settings, environment),
        lambda: _sign_in(settings),
        lambda: _database(settings),
        lambda: _strategy(settings, today),
        lambda: _samples(load_samples(settings.data / "samples")),
        lambda: _app(settings),
    )
    # What is wrong with the database is seen by more than one look.
    found = dict.fromkeys(finding for look in looks for finding in _found(look))
    return _python(), *found


def _found(look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(look())
    except LessonGenError as error:
        return [Finding(ok=False, sentence=str(error))]


def _python(version: tuple[int, ...] = sys.version_info[:3]) -> Finding:
    wanted, found = (".".join(map(str, numbers)) for numbers in (OLDEST_PYTHON, version))
    if version < OLDEST_PYTHON:
        return Finding(
            ok=False, sentence=f"Python {found} is too old: please install {wanted} or newer."
        )
    return Finding(ok=True, sentence=f"Python {found}.")


def _key(settings: Settings) -> Iterator[Finding]:
    if settings.sample_mode:
        yield Finding(
            ok=True,
            sentence="Sample mode: no API key is set, so lessons come from a bank of samples. To "
            "have new ones written, set GEMINI_API_KEY in the environment or in "
            f"{SECRETS_FILE.as_posix()}.",
        )
    elif settings.api_key is None:
        yield Finding(ok=True, sentence="No API key is set; the server below has to need none.")
    elif not _could_be_a_key(settings.api_key.get_secret_value()):
        yield Finding(
            ok=False,
            sentence=f"{settings.key_source} holds something that is no API key: a key has "
            "neither spaces nor accents. Please copy it again.",
        )
    else:
        yield Finding(ok=True, sentence=f"The API key is {settings.key_source}.")


def _could_be_a_key(key: str) -> bool:
    return key.isascii() and key.isprintable() and " " not in key


def _server(settings: Settings, environment: Mapping[str, str]) -> Iterator[Finding]:
    if settings.sample_mode:
        return
    if settings.vertex:
        missing = [n for n in _VERTEX if not (environment.get(n) or settings.api_key)]
        if missing:
            yield Finding(ok=False, sentence=f"Vertex AI needs {' and '.join(missing)} too.")
        else:
            yield Finding(ok=True, sentence="Lessons are written by Vertex AI.")
    elif settings.base_url:
        yield Finding(ok=True, sentence=f"Lessons are written by the server {settings.base_url}.")
    else:
        yield Finding(ok=True, sentence="Lessons are written by Google’s Gemini API.")


def _sign_in(settings: Settings) -> Iterator[Finding]:
    if settings.sign_in is None:
        yield Finding(
            ok=True,
            sentence="There is no sign-in: who sits at this computer may do everything. Should "
            "other computers reach it, pages for admins and staff are closed.",
        )
        return
    yield Finding(
        ok=True,
        sentence=f"Sign-in is set up, and lasts {settings.sign_in.hours:g} hours. The provider "
        "was not asked.",
    )
    for role in Role:
        rules = ", ".join(sorted(settings.sign_in.rules.patterns.get(role, ())))
        yield Finding(ok=True, sentence=f"The role {role} is for {rules or 'nobody'}.")


_VERTEX = ("GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION")


def _database(settings: Settings) -> Iterator[Finding]:
    with opened_store(settings.database) as store:
        with store.database.transaction():
            pass  # takes the lock for writing, and writes nothing
        closed = list(_closed_slots(store))
    inside = settings.database.is_relative_to(settings.root)
    shown = settings.database.relative_to(settings.root) if inside else settings.database
    yield Finding(ok=True, sentence=f"The database {shown} can be read and written.")
    yield from closed


def _strategy(settings: Settings, today: date) -> Iterator[Finding]:
    """Look at the strategy in force: a version that was saved, or the files."""
    with opened_store(settings.database) as store:
        strategies = StrategyInForce(StrategySource(settings.data), store.strategies)
        strategy = strategies()
    if strategies.trouble:
        told = f"The last good strategy stays in force. {strategies.trouble}"
        yield Finding(ok=False, sentence=told)
    yield from _models(strategy, today)


def _models(strategy: Strategy, today: date) -> Iterator[Finding]:
    slots = ", ".join(f"{name} ({slot.model})" for name, slot in strategy.slots.items())
    yield Finding(ok=True, sentence=f"{len(strategy.slots)} model slots: {slots}.")
    yield Finding(
        ok=True, sentence=f"{len(strategy.assignments)} parts have a model to write them."
    )
    going = [slot for slot in strategy.slots.values() if slot.model in strategy.retired]
    for slot, warning in zip(going, strategy.warnings(today), strict=True):
        yield Finding(ok=strategy.retired[slot.model].ends > today, sentence=warning)


def _closed_slots(store: Store) -> Iterator[Finding]:
    """Say which slots were closed when a runner last told, if they still are."""
    for slot in store.slots.all():
        if seconds := slot.closed_for(store.now()):
            reason = slot.reason or "it kept failing"
            told = f"is {reason}"
            if seconds < math.inf:
                told = f"is closed for another {seconds:.0f} s: {reason}"
            yield Finding(ok=False, sentence=f"The slot “{slot.name}” ({slot.model}) {told}.")


def _samples(bank: SampleBank) -> Iterator[Finding]:
    lessons = [sample for sample in bank.samples if not sample.is_template]
    covered = {level for s in bank.samples if s.is_template for level in s.levels}
    if missing := [level for level in Level if level not in covered]:
        yield Finding(
            ok=False,
            sentence=f"The samples hold no template for {', '.join(missing)}; please add one.",
        )
    else:
        yield Finding(
            ok=True,
            sentence=f"{len(lessons)} sample lessons on {len(bank.topics)} topics, "
            "and templates for any other at every level.",
        )


def _app(settings: Settings) -> Iterator[Finding]:
    if (settings.root / "app.py").is_file():
        yield Finding(ok=True, sentence="The app is there: lessongen run opens it.")
    else:
        yield Finding(
            ok=False, sentence=f"app.py is missing from {settings.root}: please get a whole copy."
        )
