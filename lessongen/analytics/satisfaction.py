"""Satisfaction: stars for whole lessons and for sections, and the reasons people named."""

from collections import Counter
from collections.abc import Sequence

from lessongen.analytics.shares import place_of
from lessongen.analytics.values import Known, ReasonCount, SectionStars, StarCount
from lessongen.store.figures.sums import RatingSums
from lessongen.store.ratings import MOST_STARS, WHOLE_LESSON


def mean_stars(ratings: Sequence[RatingSums]) -> Known:
    """Return the mean of the stars for whole lessons, and how many ratings there are."""
    whole = [row for row in ratings if row.section == WHOLE_LESSON]
    many = sum(row.ratings for row in whole)
    return Known.of(sum(row.stars * row.ratings for row in whole), many)


def star_counts(ratings: Sequence[RatingSums]) -> tuple[StarCount, ...]:
    """Return how often whole lessons got one to five stars; nothing where nobody rated."""
    counts = Counter[int]()
    for row in ratings:
        if row.section == WHOLE_LESSON:
            counts[row.stars] += row.ratings
    total = counts.total()
    if not total:
        return ()
    every = range(1, MOST_STARS + 1)
    return tuple(StarCount(stars, counts[stars], counts[stars] / total) for stars in every)


def complaints(ratings: Sequence[RatingSums]) -> tuple[ReasonCount, ...]:
    """Return the reasons that were named, the most frequent first."""
    counts = Counter[str]()
    for row in ratings:
        if row.reason:
            counts[row.reason] += row.ratings
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(ReasonCount(reason, many) for reason, many in ranked)


def section_stars(ratings: Sequence[RatingSums]) -> tuple[SectionStars, ...]:
    """Return the mean of the stars for every section that was rated, in lesson order."""
    counts, stars = Counter[str](), Counter[str]()
    for row in ratings:
        if row.section != WHOLE_LESSON:
            counts[row.section] += row.ratings
            stars[row.section] += row.stars * row.ratings
    ordered = sorted(counts, key=place_of)
    return tuple(SectionStars(name, counts[name], stars[name] / counts[name]) for name in ordered)
