"""Every error this product raises, as one tree; adapters translate foreign errors into it.

```
LessonGenError
├── SettingsError        a setting, strategy or data file that cannot be used
├── RequestError         a lesson request that cannot be accepted
│   └── QuotaReached     no more lessons today
├── ExportError          a lesson cannot be made into a file of this kind
├── StoreError           the database cannot be read or written
│   ├── NewerDatabaseError
│   └── UnreadableLessonError
└── ProviderError        a model did not deliver
    ├── Throttled        too many requests, or a quota is used up
    ├── Unavailable      the server failed, or could not be reached
    ├── TimedOut         no answer in time
    ├── BadRequest       the server will never accept this request
    ├── Unauthorized     the key is wrong or may not do this
    ├── ModelNotFound    the model id does not exist (any more)
    ├── Blocked          a safety filter stopped the answer
    ├── Truncated        the answer was cut off by the token limit
    ├── Malformed        the answer is not the JSON that was asked for
    ├── SwitchedOff      an admin closed the slot
    └── Refused          the model was not even asked: its slot is closed or full
```
"""


class LessonGenError(Exception):
    """Any failure this product expects; its text is one sentence a person can act on."""


class SettingsError(LessonGenError):
    """A setting, strategy or data file cannot be used."""


class RequestError(LessonGenError):
    """A lesson request cannot be accepted."""


class QuotaReached(RequestError):
    """A quota of the day is used up; the sentence says when it lifts."""


class ExportError(LessonGenError):
    """A lesson cannot be made into a file of this kind."""


class StoreError(LessonGenError):
    """The database cannot be read or written."""


class NewerDatabaseError(StoreError):
    """The database was written by a newer version of LessonGen; it is left untouched."""


class UnreadableLessonError(StoreError):
    """A lesson was stored in a form that this version cannot read; the others are well."""

    def __init__(self, lesson_id: str) -> None:
        super().__init__(f"The lesson {lesson_id} was stored in a form this version cannot read.")


class ProviderError(LessonGenError):
    """A model did not deliver; `model` is the id that was asked."""

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(f"{model}: {reason}")
        self.model = model
        self.reason = reason


class Throttled(ProviderError):
    """Too many requests; `retry_after` is in seconds, None where the server named no wait."""

    def __init__(
        self, model: str, reason: str, *, retry_after: float | None = None, per_day: bool = False
    ) -> None:
        super().__init__(model, reason)
        self.retry_after = retry_after
        self.per_day = per_day


class Unavailable(ProviderError):
    """The server failed, or could not be reached."""


class TimedOut(ProviderError):
    """No complete answer arrived in time."""


class BadRequest(ProviderError):
    """The server refuses this request and always will."""


class Unauthorized(ProviderError):
    """The key is missing, wrong, or not allowed to use this model."""


class ModelNotFound(ProviderError):
    """No model of this id exists on this server."""


class Blocked(ProviderError):
    """A safety filter stopped the question or the answer."""


class Truncated(ProviderError):
    """The answer reached the output token limit before it was complete."""


class Malformed(ProviderError):
    """The answer is not the JSON that was asked for, or not complete."""


class SwitchedOff(ProviderError):
    """An admin closed the slot: it is not asked until an admin opens it again."""


class Refused(ProviderError):
    """The model was not asked: its slot is closed, or has no room in time.

    `closed_by` is the error that closed the slot, None where it is only full.
    """

    def __init__(self, model: str, reason: str, closed_by: ProviderError | None = None) -> None:
        super().__init__(model, reason)
        self.closed_by = closed_by
