"""Whether the aim and the task of the pronunciation stage are about what it focuses on."""

import re
from collections.abc import Iterator, Mapping

from lessongen.lesson.sections.pronunciation import Pronunciation
from lessongen.quality.findings import Finding

_NAMED: Mapping[str, str] = {
    "sound": r"\bthe (?:\w+ )?(?:sound|vowel|consonant)s? (?:in|of)\b",
    "word stress": r"\bword stress\b|\bstress(?:ed)? (?:in|of|on) (?:\w+ )?(?:words|syllables?)\b",
    "weak forms": r"\bweak forms?\b",
    "linking": r"\blinking\b|\blink (?:the )?words\b",
    "intonation": r"\bintonation\b",
}
"""What says for certain that a stage is about a focus."""

_TOUCHED: Mapping[str, str] = {
    "sound": r"sound|vowel|consonant|letter|/",
    "word stress": r"stress|strong|syllable|clap|capitals",
    "weak forms": r"weak|small words|short|quiet|reduc|light",
    "linking": r"\blink|join|together|connect",
    "intonation": r"intonation|voice|rise|rising|fall|pitch|melody",
}
"""What leaves it open: a stage on stress may well say that other syllables are weak."""


def other_focus(content: Pronunciation) -> Iterator[Finding]:
    """Find an aim, or else a task, that names another focus and does not touch on the stage's."""
    touched = _TOUCHED.get(content.focus, "")  # of any other focus nothing is known
    for what, text in (("aim", content.stage_aim), ("task", content.task)):
        if re.search(touched, text, re.IGNORECASE):
            continue
        named = (name for name, said in _NAMED.items() if re.search(said, text, re.IGNORECASE))
        if other := next((name for name in named if name != content.focus), None):
            sentence = (
                f"The focus of this stage is {content.focus}, but its {what} is {other}. "
                "Please make them one."
            )
            yield Finding("pronunciation", "skills", "note", sentence, (text,))
            return
