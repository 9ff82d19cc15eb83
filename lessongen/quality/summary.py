"""What the checks think of a lesson, in one sentence for the teacher."""

from collections.abc import Mapping


def quality_sentence(score: float, found: Mapping[str, int]) -> str:
    """Return the sentence for a score and the number of findings by the title of their section."""
    quality = f"Quality {score:.0f} of 100"
    things = sum(found.values())
    if not things:
        return f"{quality}: the checks found nothing to mend"
    counted = "1 thing" if things == 1 else f"{things} things"
    *first, last = found
    titles = f"{', '.join(first)} and {last}" if first else last
    return f"{quality}: {counted} to look at in {titles}"
