"""What a model's failure means to whoever waits or mends, in a sentence that says what to do."""

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
            return (
                f"There is no model called {model}. An admin can change it on the page Assignments."
            )
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


def explained_to_admin(error: ProviderError) -> str:  # noqa: C901 - a table of cases
    """Return the sentence for an error that one model answered with, for whoever can mend it."""
    match error:
        case Throttled(per_day=True):
            return "The requests of the day are used up. It answers again after midnight Pacific."
        case Throttled(retry_after=float(seconds)):
            return f"Too many requests: the server asks to wait {seconds:.0f} s."
        case Throttled():
            return "Too many requests just now. Ask again in a minute, or raise the quota."
        case Unauthorized():
            return f"The key is not accepted. Check it, and what it may use. ({error.reason})"
        case ModelNotFound():
            return "There is no model of this id. “Check model list” names what to use instead."
        case BadRequest():
            return f"The question was refused. Check the thinking level. ({error.reason})"
        case TimedOut():
            return f"Too slow: {error.reason}. Ask again, or give another model its place."
        case Unavailable():
            return f"It could not be reached, or failed. Ask again in a minute. ({error.reason})"
        case Blocked():
            return f"A safety filter stopped a harmless question. ({error.reason})"
        case Truncated():
            return "The answer was cut off. Allow the slot more output tokens."
        case Malformed():
            return f"The answer has not the form that was asked for. ({error.reason})"
        case _:
            return explained(error)
