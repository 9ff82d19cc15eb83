"""Faults: what can go wrong with an answer, and the plan of when it does."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from random import Random

from lessongen.errors import SettingsError


class Moment(StrEnum):
    """When a fault strikes: before the first text of an answer, or after half of it."""

    START = "start"
    MIDWAY = "midway"


class FaultKind(StrEnum):
    """Every way an answer can go wrong.

    An HTTP error, `hang` and `reset` strike before the headers. Midway, the error is an object in
    the stream (an answer in one piece has no middle: it stays an HTTP error), `hang` falls silent
    and `reset` resets the connection. `stall` strikes after a few words, the other kinds that cut
    or spoil the text strike midway; at the start, no text comes before them. The kinds that
    concern the whole answer know no moment: `slow` writes ten times as slowly, a `straggler` is
    also late with its first text, `huge` streams 50 MB and `huge_event` sends them as one event.
    """

    THROTTLED = "throttled"
    QUOTA_PER_DAY = "quota_per_day"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"
    ERROR_WITHOUT_STATUS = "error_without_status"
    BAD_KEY = "bad_key"
    HANG = "hang"
    RESET = "reset"
    STALL = "stall"
    CONNECTION_CUT = "connection_cut"
    CUT_WITHOUT_STOP = "cut_without_stop"
    BROKEN_JSON = "broken_json"
    MAX_TOKENS = "max_tokens"
    SAFETY = "safety"
    SLOW = "slow"
    STRAGGLER = "straggler"
    HUGE = "huge"
    HUGE_EVENT = "huge_event"
    FENCED_JSON = "fenced_json"
    PROMPT_BLOCKED = "prompt_blocked"
    EMPTY = "empty"
    NO_USAGE = "no_usage"

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The moments that can be asked for; none where the whole answer is concerned."""
        return () if self in _WHOLE_ANSWER else tuple(Moment)


_WHOLE_ANSWER = {
    FaultKind.SLOW,
    FaultKind.STRAGGLER,
    FaultKind.HUGE,
    FaultKind.HUGE_EVENT,
    FaultKind.FENCED_JSON,
    FaultKind.PROMPT_BLOCKED,
    FaultKind.EMPTY,
    FaultKind.NO_USAGE,
}


@dataclass(frozen=True, slots=True)
class FaultRule:
    """One kind of fault for the requests it matches.

    `model` and `part` may hold `*` wildcards. `after` requests pass first; then each is hit with
    probability `rate`, at most `times` in all (None: without limit). `when` is one of the kind's
    moments (None: when the kind does by itself).
    """

    kind: FaultKind
    model: str = "*"
    part: str = "*"
    rate: float = 1.0
    after: int = 0
    times: int | None = None
    when: Moment | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.rate <= 1:
            raise SettingsError(f"The rate of a fault lies between 0 and 1, not at {self.rate}.")
        if self.after < 0 or (self.times is not None and self.times < 0):
            raise SettingsError("The numbers “after” and “times” of a fault are 0 or more.")
        if self.when and self.when not in self.kind.moments:
            raise SettingsError(
                f"The fault “{self.kind}” concerns a whole answer: leave out “when”."
            )

    def matches(self, model: str, part: str) -> bool:
        """Say whether a request for this model and part is meant."""
        return fnmatchcase(model, self.model) and fnmatchcase(part, self.part)


class FaultPlan:
    """Decides for each request whether something goes wrong; for use on one event loop.

    Chance depends on the seed, the rule and how many requests the same model and part had
    before, so it repeats even where parallel requests arrive in another order.
    """

    def __init__(self, rules: Sequence[FaultRule] = (), seed: int = 0) -> None:
        self._rules = tuple(rules)
        self._seed = seed
        self._seen = Counter[int]()
        self._hit = Counter[int]()
        self._asked = Counter[str]()

    def fault_for(self, model: str, part: str) -> FaultRule | None:
        """Return the rule that strikes this request, the first where several would."""
        for number, rule in enumerate(self._rules):
            if rule.matches(model, part) and self._strikes(number, rule, f"{model}/{part}"):
                return rule
        return None

    def _strikes(self, number: int, rule: FaultRule, asked: str) -> bool:
        draw = f"{self._seed}/{number}/{asked}"
        self._asked[draw] += 1
        self._seen[number] += 1
        if self._seen[number] <= rule.after:
            return False
        if rule.times is not None and self._hit[number] >= rule.times:
            return False
        chance = Random(f"{draw}/{self._asked[draw]}")  # noqa: S311 (repeatable, no secret)
        strikes = chance.random() < rule.rate
        self._hit[number] += strikes
        return strikes


def parse_rule(text: str) -> FaultRule:
    """Read a rule such as `throttled:model=gemini-3.8-flash,rate=0.5,after=2,times=1,when=midway`.

    Raises:
        SettingsError: with one sentence that says what to write instead.
    """
    name, _, options = text.strip().partition(":")
    if name not in set(FaultKind):
        raise SettingsError(f"No fault is called “{name}”; choose from {', '.join(FaultKind)}.")
    given = dict(_option(text, option) for option in options.split(",") if option.strip())
    try:
        return FaultRule(
            kind=FaultKind(name),
            model=given.get("model", "*"),
            part=given.get("part", "*"),
            rate=float(given.get("rate", "1")),
            after=int(given.get("after", "0")),
            times=int(given["times"]) if "times" in given else None,
            when=Moment(given["when"]) if "when" in given else None,
        )
    except ValueError as error:
        raise SettingsError(
            f"The fault “{text}” cannot be used: rate is a number, after and times are whole, "
            f"when is one of {', '.join(Moment)}."
        ) from error


_OPTIONS = ("model", "part", "rate", "after", "times", "when")


def _option(text: str, option: str) -> tuple[str, str]:
    name, equals, value = (part.strip() for part in option.partition("="))
    if name not in _OPTIONS or not equals or not value:
        raise SettingsError(
            f"The fault “{text}” cannot be used: write it as "
            f"kind:name=value,name=value with the names {', '.join(_OPTIONS)}."
        )
    return name, value
