"""The list of models a server has, held against the models of the slots."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches

from pydantic import BaseModel, ConfigDict

from lessongen.errors import ModelNotFound, ProviderError
from lessongen.gemini.messages import ModelList
from lessongen.generation.explanations import explained_to_admin
from lessongen.generation.strategy import Retired, Strategy

_FOLDERS = ("models/", "publishers/google/models/")
_ALIKE = 0.5  # below this, two ids have little more in common than their maker


class ModelCheck(BaseModel):
    """Whether a slot's model is on the list; `listed` is None where the list cannot tell.

    `sentence` says what there is to do, `replacement` is an id to write instead.
    """

    model_config = ConfigDict(frozen=True)

    slot: str
    model: str
    enabled: bool = True
    listed: bool | None = None
    replacement: str | None = None
    sentence: str | None = None


class ModelChecks(BaseModel):
    """The checks of all slots, in their order, against so many models.

    `sample` says whether the list was the emulator’s, None where nobody noted it.
    """

    model_config = ConfigDict(frozen=True)

    models: int
    checks: tuple[ModelCheck, ...]
    sample: bool | None = None


def checked_models(listed: ModelList, strategy: Strategy, today: date) -> ModelChecks:
    """Look for every slot's model on a list, and for its day in the strategy's retired ones."""
    checks = (_checked(name, listed, strategy, today) for name in strategy.slots)
    return ModelChecks(models=len(listed.ids), checks=tuple(checks))


def list_trouble(error: ProviderError) -> str:
    """Return the sentence for a list that could not be had."""
    if isinstance(error, ModelNotFound):
        return "This server has no list of its models. “Test models” tells which of them answer."
    return f"The list of models could not be read. {explained_to_admin(error)}"


def _checked(name: str, listed: ModelList, strategy: Strategy, today: date) -> ModelCheck:
    slot = strategy.slots[name]
    going = replace(strategy, slots={name: slot}).warnings(today)
    check = ModelCheck(slot=name, model=slot.model, enabled=slot.enabled)
    model = _bare(slot.model)
    if model in listed.ids:
        return check.model_copy(
            update={
                "listed": True,
                "replacement": strategy.retired[slot.model].replacement if going else None,
                "sentence": going[0] if going else None,
            }
        )
    if reason := _unknowable(model, listed):
        return check.model_copy(update={"sentence": " ".join([*going, reason])})
    instead = _replacement(model, listed, strategy.retired)
    return check.model_copy(
        update={
            "listed": False,
            "replacement": instead,
            "sentence": " ".join([*going, _missing(instead)]),
        }
    )


def _bare(model: str) -> str:
    for folder in _FOLDERS:
        model = model.removeprefix(folder)
    return model


def _unknowable(model: str, listed: ModelList) -> str | None:
    """Return why a list says nothing about a model it does not name, None where it does."""
    if "/" in model:
        return "The list names Google’s own models only. “Test models” tells whether it answers."
    if not listed.complete:
        return (
            "The list does not name it, but lists of Vertex AI differ from place to place. "
            "“Test models” tells whether it answers."
        )
    return None


def _replacement(model: str, listed: ModelList, retired: Mapping[str, Retired]) -> str | None:
    """Return what is known to come in place of a model, else the id that is most like it."""
    known = retired.get(model)
    if known and _bare(known.replacement) in listed.ids:
        return known.replacement
    alike = get_close_matches(model, listed.ids, n=1, cutoff=_ALIKE)
    return alike[0] if alike else None


def _missing(instead: str | None) -> str:
    advice = (
        f"The most similar it lists is {instead}." if instead else "Nothing it lists is similar."
    )
    return f"The server does not list this model (any more). {advice}"
