"""The desk: takes each request for an answer, decides what becomes of it, and keeps the log."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from lessongen.emulator import wire
from lessongen.emulator.answers import Answer, Answers
from lessongen.emulator.bodies import Asked, UnusableBodyError, read_body
from lessongen.emulator.config import EmulatorConfig
from lessongen.emulator.exchanges import Exchange, Framing
from lessongen.emulator.faults import FaultRule
from lessongen.emulator.limits import RateLimiter
from lessongen.emulator.log import ERROR, LIMITED, RequestLog
from lessongen.emulator.replies import Reply, faulty, paced
from lessongen.emulator.wire import ErrorResponse, Meta
from lessongen.errors import SettingsError

_KEY_HEADER = "x-goog-api-key"


class Desk:
    """Everything an emulator remembers between requests; for use on one event loop."""

    def __init__(self, config: EmulatorConfig, log: RequestLog) -> None:
        self.config = config
        self.log = log
        self._answers = Answers(config.bank)
        self._number = 0
        self.reset(config)

    def reset(self, config: EmulatorConfig) -> None:
        """Forget what happened so far; take delays, faults and limits from a configuration.

        Raises:
            SettingsError: where they cannot be used; then nothing has changed.
        """
        self._delays, self._plan = config.delays(), config.fault_plan()
        self._limiter = RateLimiter(config.limits, config.clock)
        self._asked = Counter[tuple[str, str]]()
        self.log.clear()

    def refused_key(self, headers: Mapping[str, str]) -> ErrorResponse | None:
        """Return the error for a missing or wrong API key, None for a good one."""
        key = headers.get(_KEY_HEADER)
        if not key:
            return wire.missing_key()
        return wire.bad_key() if self.config.accepted_key not in {None, key} else None

    def unknown_model(self, model: str, version: str, method: str) -> ErrorResponse | None:
        """Return the error for a model id that is not served, None for one that is."""
        served = model in self.config.models
        return None if served else wire.unknown_model(model, version, method)

    def exchange(
        self, model: str, raw: bytes, refused: ErrorResponse | None, framing: Framing | None
    ) -> Exchange | ErrorResponse:
        """Answer a request, or say why not; `refused` is an error it has met already."""
        found = self._found(raw)
        number = self.log.opened(model, *_counted(found))
        match refused or found:
            case _Found() as found:
                return self._admitted(number, model, found, framing)
            case error:
                self.log.closed(number, ERROR)
                return error

    def _found(self, raw: bytes) -> "_Found | ErrorResponse":
        try:
            asked = read_body(raw)
            return _Found(asked, self._answers.answer(asked))
        except UnusableBodyError as error:
            return wire.bad_request(str(error))
        except SettingsError as error:
            return wire.error(500, "INTERNAL", str(error))

    def _admitted(
        self, number: int, model: str, found: "_Found", framing: Framing | None
    ) -> Exchange | ErrorResponse:
        if wait := self._limiter.seconds_to_wait(model):
            self.log.closed(number, LIMITED)
            return wire.over_quota(model, wait, per_day=False)
        return self._settled(number, model, found, framing)

    def _settled(
        self, number: int, model: str, found: "_Found", framing: Framing | None
    ) -> Exchange | ErrorResponse:
        part, text = found.answer.part, found.answer.text
        nth = self._asked[model, part]
        self._asked[model, part] += 1
        schedule = self._delays.schedule(model, part, nth, len(text))
        reply = Reply(found.meta(model, number), text)
        fault = self._plan.fault_for(model, part)
        if fault:
            reply = faulty(reply, fault, streamed=framing is not None, speed=self._delays.speed)
            schedule = paced(schedule, fault.kind)
        if isinstance(reply, ErrorResponse):
            self._closed(number, fault, ERROR)
            return reply
        return Exchange(reply, schedule, framing, partial(self._closed, number, fault))

    def _closed(self, number: int, fault: FaultRule | None, outcome: str) -> None:
        self.log.closed(number, f"fault:{fault.kind}" if fault else outcome)


@dataclass(frozen=True, slots=True)
class _Found:
    """A request, and the good answer to it."""

    asked: Asked
    answer: Answer

    def meta(self, model: str, number: int) -> Meta:
        """Return what every chunk of the answer repeats."""
        asked = self.asked
        return Meta(model, f"emulator-{number}", asked.prompt_tokens, asked.thought_tokens)


def _counted(found: _Found | ErrorResponse) -> tuple[str, int]:
    match found:
        case _Found():
            return found.answer.part, found.asked.prompt_tokens
        case ErrorResponse():
            return "", 0
