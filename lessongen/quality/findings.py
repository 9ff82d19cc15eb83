"""What a check finds: where, how bad, in a sentence for the teacher, with the words it is about."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["fault", "note"]
"""`fault`: the section should be written again. `note`: the teacher should know."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found.

    `sentence` speaks to a teacher, and to the model that may rewrite the section. `evidence` are
    words or sentences of the section, as they stand in it, that can be highlighted.
    """

    section: str
    check: str
    severity: Severity
    sentence: str
    evidence: tuple[str, ...] = ()
