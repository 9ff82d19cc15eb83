"""What the checks think of a lesson, in one sentence for the teacher."""

from collections.abc import Mapping, Sequence

from lessongen.wording import counted


def quality_sentence(score: float, found: Mapping[str, int], missing: Sequence[str] = ()) -> str:
    """Return the sentence for a score, without a full stop.

    `found` are the numbers of findings by the title of their section, `missing` the titles of
    sections that could not be written.
    """
    told: list[str] = []
    if missing:
        told.append(f"{_listed(missing)} {'is' if len(missing) == 1 else 'are'} missing")
    if things := sum(found.values()):
        told.append(f"{counted(things, 'thing')} to look at in {_listed(list(found))}")
    elif not missing:
        told.append("the checks found nothing to mend")
    return f"Quality {score:.0f} of 100: {'; '.join(told)}"


def _listed(titles: Sequence[str]) -> str:
    *first, last = titles
    return f"{', '.join(first)} and {last}" if first else last
