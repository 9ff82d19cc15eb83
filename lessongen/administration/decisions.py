"""What admins have decided, kept in the store: the rollout and the quotas."""

import logging
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from lessongen.administration.quotas import Quotas, Spent, midnight, require_room
from lessongen.administration.rollout import Rollout
from lessongen.store.preferences import LastChange
from lessongen.store.store import Store

_LOG = logging.getLogger(__name__)
_ROLLOUT, _QUOTAS = "rollout", "quotas"
DecisionT = TypeVar("DecisionT", bound=BaseModel)


class Decisions:
    """Read anew each time they count. Methods may be called from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def rollout(self) -> Rollout:
        """Who gets parallel mode; everybody, where nobody decided."""
        return self._read(_ROLLOUT, Rollout())

    @property
    def quotas(self) -> Quotas:
        """The limits of a day; none, where nobody decided."""
        return self._read(_QUOTAS, Quotas())

    def decide_rollout(self, rollout: Rollout, by: str) -> None:
        """Keep who gets parallel mode, from the next lesson on."""
        self._store.preferences.set(_ROLLOUT, rollout.model_dump_json(), by)

    def decide_quotas(self, quotas: Quotas, by: str) -> None:
        """Keep the limits of a day, from the next lesson on."""
        self._store.preferences.set(_QUOTAS, quotas.model_dump_json(), by)

    @property
    def rollout_change(self) -> LastChange | None:
        """Who decided on the rollout last, and when; None where nobody did."""
        return self._store.preferences.last_change(_ROLLOUT)

    @property
    def quotas_change(self) -> LastChange | None:
        """Who decided on the quotas last, and when; None where nobody did."""
        return self._store.preferences.last_change(_QUOTAS)

    @property
    def dollars_today(self) -> float:
        """What lessons have cost since midnight, in US dollars."""
        return self._store.attempts.dollars_since(midnight(self._store.now()))

    def require_room(self, owner: str, *, again: bool = False) -> None:
        """Let a person ask for a lesson more, or `again` for one that was counted already.

        Raises:
            QuotaReached: where a quota is used up.
        """
        quotas, now = self.quotas, self._store.now()
        if quotas == Quotas():
            return
        began = midnight(now)
        lessons = 0 if again else self._store.lessons_of(owner).count_since(began)
        dollars = self._store.attempts.dollars_since(began)
        require_room(quotas, Spent(lessons, dollars), now)

    def _read(self, name: str, default: DecisionT) -> DecisionT:
        text = self._store.preferences.get(name)
        if text is None:
            return default
        try:
            return type(default).model_validate_json(text)
        except ValidationError as error:
            _LOG.error("What was decided on %s cannot be read; the default counts: %s", name, error)
            return default
