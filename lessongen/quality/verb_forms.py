"""Keys of grammar exercises whose verb cannot stand where it does: “would went”, “had examine”."""

import re
from collections.abc import Sequence

import simplemma

from lessongen.quality.english import IRREGULAR
from lessongen.quality.findings import Finding
from lessongen.quality.parts import said
from lessongen.quality.text import is_function_word, lemmas, plain, words
from lessongen.quality.word_lists import listed

_MODALS = listed("will would can could must should shall might may won't can't cannot shan't")
_DO, _HAVE = listed("do does did"), listed("have has had having")
_BE = listed("am is are was were be been being")
_AUXILIARIES = _MODALS | _DO | _HAVE | _BE | {"to"}
_BETWEEN = listed("not never ever always already just also only still")
# The participle is the base form.
_INVARIANT = listed(
    "beat become bet burst cast come cost cut hit hurt let overcome put quit read run set shut "
    "split spread upset"
)
_HINT = re.compile(r"\(([^()]*)\)\s*[.!?]?\s*$")
_INVERTING = re.compile(
    r"(?:never|seldom|rarely|hardly|scarcely|nowhere|no sooner|at no (?:time|point)|"
    r"under no circumstances|on no account|in no way|not only|not once)\b[^,_]*_{2,}",
    re.IGNORECASE,
)


def odd_form(sentence: str, answer: str) -> Finding | None:
    """Return a note on a key in which the verb of the hint has a form that cannot be right."""
    if reason := _wrong_form(sentence, answer) or _wrong_order(sentence, answer):
        told = f"Please check the key {said(answer)}: {reason}."
        return Finding("grammar", "gaps", "note", told, (answer,))
    return None


def _wrong_form(sentence: str, answer: str) -> str:
    hint = _HINT.search(plain(sentence))
    verbs = _verbs(words(hint[1])) if hint else ()
    before, tokens = _last_before_blank(sentence), words(plain(answer).casefold())
    for place, token in enumerate(tokens):
        verb = next((verb for verb in verbs if verb in lemmas(token)), "")
        auxiliary = _auxiliary(before, tokens[:place], is_last=token is tokens[-1])
        if _kind(auxiliary) in _HAVE and place < len(tokens) - 1:
            continue  # “has human judgment mattered”: a word of the hint, but not its verb
        if verb and _is_odd(token, verb, _kind(auxiliary)):
            form = "past participle" if _kind(auxiliary) in _HAVE else "base form"
            return f"after “{auxiliary}” comes a {form}"
    return ""


def _verbs(hint: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a hint that may be its verb: no names; “be”, “have” or “do” if alone."""
    content = tuple(w for w in hint if w.islower() and not is_function_word(w))
    return content or tuple(word for word in hint if word in {"be", "have", "do"})


def _is_odd(token: str, verb: str, auxiliary: str) -> bool:
    if auxiliary in _HAVE:
        return token == verb and verb not in _INVARIANT and not token.endswith(("ed", "ing"))
    if token == verb or not _is_inflected(token):
        return False
    if auxiliary in _MODALS:
        return True
    # “look forward to going”, “did some shopping”
    return auxiliary in _DO | {"to"} and not token.endswith("ing")


def _is_inflected(token: str) -> bool:
    return token in IRREGULAR or simplemma.lemmatize(token, lang="en") != token


def _auxiliary(before_blank: str, before: Sequence[str], *, is_last: bool) -> str:
    """Return the auxiliary that a verb depends on: right before it, or before its subject."""
    *_, last = ("", *(word for word in (before_blank, *before) if word not in _BETWEEN))
    if _kind(last) in _AUXILIARIES:
        return last
    helpers = [word for word in before if _kind(word) in _AUXILIARIES]
    opens = is_last and bool(helpers) and helpers == [*before[:1]] and "better" not in before
    return helpers[0] if opens else ""


def _kind(word: str) -> str:
    """Return an auxiliary without what is contracted to it: “wouldn't” is “would”."""
    if word in _MODALS:
        return word
    return "will" if word.endswith("'ll") else word.removesuffix("n't")


def _last_before_blank(sentence: str) -> str:
    said_before = words(plain(sentence.split("_", 1)[0]).casefold())
    return next((word for word in reversed(said_before) if word not in _BETWEEN), "")


def _wrong_order(sentence: str, answer: str) -> str:
    """Return what is wrong with an answer that puts its subject first after “never before”."""
    tokens = [_kind(word) for word in words(plain(answer).casefold())]
    opening = _INVERTING.match(sentence.lstrip("\"“‘' "))
    if not opening or not tokens or tokens[0] in _AUXILIARIES:
        return ""
    if any(_kind(word) in _AUXILIARIES for word in words(plain(opening[0]).casefold())):
        return ""
    helped = any(token in _AUXILIARIES - {"to"} for token in tokens[1:])
    return "after such an opening the auxiliary comes before the subject" if helped else ""
