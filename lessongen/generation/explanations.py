"""What a model's failure means to the person who waits, in a sentence that says what to do."""

from lessongen.errors import (
    BadRequest,
    Blocked,
    Malformed,
    ModelNotFound,
    ProviderError,
    Refused,
    SwitchedOff,
    Throttled,
    TimedOut,
    Truncated,
    Unauthorized,
    Unavailable,
)


def explained(error: ProviderError) -> str:  # noqa: C901 - a table of cases
    """Return the sentence for an error that was left after every attempt."""
    match error:
        case Throttled(per_day=True):
            return "The models have reached their limit for today. Please try again tomorrow."
        case Throttled() | Refused():
            return "The models are busy: too many requests. Please try again in a minute."
        case Unavailable():
            return "The models could not be reached. Please check the connection and try again."
        case TimedOut():
            return "The models did not answer in time. Please try again in a moment."
        case Unauthorized():
            return "Gemini did not accept the key. Please ask whoever runs LessonGen to check it."
        case ModelNotFound(model=model):
            return f"There is no model called {model}. An admin can change it in data/models.toml."
        case BadRequest(model=model):
            return f"{model} refused the request. The attempt log says why."
        case SwitchedOff():
            return "The models for this section are switched off. An admin can switch them on."
        case Blocked():
            return "A safety filter stopped this section. Please try another wording of the topic."
        case Malformed() | Truncated():
            return "The models’ answers could not be used. Please try again."
        case _:
            return "No model could write this section. Please try again."
