"""The JSON in an answer: fences and prose around it are forgiven, anything else is not."""

import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from lessongen.errors import Malformed

ModelT = TypeVar("ModelT", bound=BaseModel)
_MAX_REASON = 300


def parsed_answer(text: str, content: type[ModelT], model: str) -> ModelT:
    """Return the answer as validated content.

    Raises:
        Malformed: naming the first thing that is wrong, for a repair request or the log.
    """
    try:
        return content.model_validate_json(_object_in(text))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "the answer"
        raise Malformed(model, f"{place}: {first['msg']}"[:_MAX_REASON]) from error


def _object_in(text: str) -> str:
    """Return the first whole JSON object in a text, or the text itself if there is none.

    A text that opens with a brace is no prose: where it is broken, an object inside it is not
    the answer.
    """
    text = text.strip()
    decoder, start = json.JSONDecoder(), text.find("{")
    while start >= 0:
        try:
            _, end = decoder.raw_decode(text, start)
        except RecursionError:
            return text
        except ValueError:
            start = text.find("{", start + 1) if start else -1
        else:
            return text[start:end]
    return text
