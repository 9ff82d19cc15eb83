"""Wire format: the JSON bodies Gemini's REST API answers with, made by pure functions."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lessongen.emulator.bodies import tokens

Body = dict[str, Any]
_TYPES = "type.googleapis.com/google.rpc"


@dataclass(frozen=True, slots=True)
class Meta:
    """What every chunk of one answer repeats. Without `told`, no usage and no model version."""

    model: str
    response_id: str
    prompt_tokens: int
    thought_tokens: int
    told: bool = True


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """An error as Google sends it: HTTP status and body."""

    status: int
    body: Body


def encoded(body: Body) -> bytes:
    """Return a body as compact UTF-8 JSON."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def chunk(meta: Meta, text: str) -> Body:
    """Return a chunk in the middle of a stream."""
    return _response(meta, _candidate(text), _usage(meta))


def final(meta: Meta, text: str, finish: str, whole_text: str) -> Body:
    """Return the last chunk, or a whole answer; usage counts the whole text."""
    candidate = _candidate(text) | {"finishReason": finish}
    if finish == "SAFETY":
        candidate["safetyRatings"] = [
            {
                "category": "HARM_CATEGORY_DANGEROUS_CONTENT",
                "probability": "HIGH",
                "blocked": True,
            }
        ]
    return _response(meta, candidate, _full_usage(meta, tokens(whole_text)))


def unfinished(meta: Meta, text: str) -> Body:
    """Return a whole answer that lacks its finishReason."""
    return _response(meta, _candidate(text), _full_usage(meta, tokens(text)))


def blocked_prompt(meta: Meta) -> Body:
    """Return the answer to a prompt that a safety filter stopped: no candidates."""
    feedback = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}
    return feedback | _told(meta, _usage(meta))


def no_candidates(meta: Meta) -> Body:
    """Return an answer with an empty list of candidates."""
    nothing: Body = {"candidates": []}
    return nothing | _told(meta, _usage(meta))


def chunk_frame(meta: Meta) -> tuple[bytes, bytes]:
    """Return the bytes before and after the JSON string of a chunk's text."""
    mark = "\x00"
    before, _, after = encoded(chunk(meta, mark)).partition(json.dumps(mark).encode())
    return before, after


def _response(meta: Meta, candidate: Body, usage: Body) -> Body:
    return {"candidates": [candidate]} | _told(meta, usage)


def _told(meta: Meta, usage: Body) -> Body:
    known = {"usageMetadata": usage, "modelVersion": meta.model} if meta.told else {}
    return known | {"responseId": meta.response_id}


def _candidate(text: str) -> Body:
    parts: Body = {"parts": [{"text": text}]} if text else {}
    return {"content": parts | {"role": "model"}, "index": 0}


def _usage(meta: Meta) -> Body:
    return {"promptTokenCount": meta.prompt_tokens, "totalTokenCount": meta.prompt_tokens}


def _full_usage(meta: Meta, candidate_tokens: int) -> Body:
    return {
        "promptTokenCount": meta.prompt_tokens,
        "candidatesTokenCount": candidate_tokens,
        "thoughtsTokenCount": meta.thought_tokens,
        "cachedContentTokenCount": 0,
        "totalTokenCount": meta.prompt_tokens + candidate_tokens + meta.thought_tokens,
        "promptTokensDetails": _details(meta.prompt_tokens),
    }


def _details(count: int) -> list[Body]:
    return [{"modality": "TEXT", "tokenCount": count}]


def counted_tokens(count: int) -> Body:
    """Return the answer of countTokens."""
    return {"totalTokens": count, "promptTokensDetails": _details(count)}


def model_page(models: Sequence[str], page_size: int, page_token: str) -> Body:
    """Return one page of models.list; a page token is the index of its first model.

    Raises:
        ValueError: where the page token is not one of ours.
    """
    start = int(page_token or 0)
    end = start + page_size
    page: Body = {"models": [model_entry(model) for model in models[start:end]]}
    return page | ({"nextPageToken": str(end)} if end < len(models) else {})


def model_entry(model: str) -> Body:
    """Return what models.get says about a model."""
    return {
        "name": f"models/{model}",
        "version": "001",
        "displayName": model.replace("-", " ").title(),
        "description": "Sample mode of LessonGen: hand-written lessons, no model.",
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
        "thinking": True,
    }


def error(code: int, status: str, message: str, *details: Body) -> ErrorResponse:
    """Return an error in Google's shape; each detail names its `@type`."""
    body: Body = {"code": code, "message": message, "status": status}
    if details:
        body["details"] = list(details)
    return ErrorResponse(code, {"error": body})


def bad_request(message: str) -> ErrorResponse:
    """Return the error of a request that will never be accepted."""
    return error(400, "INVALID_ARGUMENT", message)


def bad_key() -> ErrorResponse:
    """Return the error of a wrong API key: a 400, not a 401."""
    reason: Body = {
        "@type": f"{_TYPES}.ErrorInfo",
        "reason": "API_KEY_INVALID",
        "domain": "googleapis.com",
        "metadata": {"service": "generativelanguage.googleapis.com"},
    }
    message = "API key not valid. Please pass a valid API key."
    return error(400, "INVALID_ARGUMENT", message, reason)


def missing_key() -> ErrorResponse:
    """Return the error of a request without an API key."""
    return error(
        403,
        "PERMISSION_DENIED",
        "Method doesn't allow unregistered callers (callers without established identity). "
        "Please use API Key or other form of API consumer identity to call this API.",
    )


def unknown_model(model: str, version: str, method: str) -> ErrorResponse:
    """Return the error of a model id that is not served."""
    return error(
        404,
        "NOT_FOUND",
        f"models/{model} is not found for API version {version}, or is not supported for "
        f"{method}. Call ListModels to see the list of available models and their supported "
        "methods.",
    )


def over_quota(model: str, retry_seconds: float, *, per_day: bool) -> ErrorResponse:
    """Return the error of too many requests, per minute or per day."""
    limit = "PerDay" if per_day else "PerMinute"
    # Rounded up: who waits as long as it says is let in.
    delay = f"{math.ceil(retry_seconds * 1000) / 1000:.15g}s"
    metric = "generativelanguage.googleapis.com/generate_content_free_tier_requests"
    violation: Body = {
        "quotaMetric": metric,
        "quotaId": f"GenerateRequests{limit}PerProjectPerModel-FreeTier",
        "quotaDimensions": {"location": "global", "model": model},
        "quotaValue": "20",
    }
    return error(
        429,
        "RESOURCE_EXHAUSTED",
        "You exceeded your current quota, please check your plan and billing details. \n"
        f"* Quota exceeded for metric: {metric}, limit: 20, model: {model}\n"
        f"Please retry in {delay}.",
        {"@type": f"{_TYPES}.QuotaFailure", "violations": [violation]},
        {"@type": f"{_TYPES}.RetryInfo", "retryDelay": delay},
    )
