"""A sentence for every chart: what somebody who cannot see it should know. Never of no data."""

from lessongen.analytics.changes import change_of
from lessongen.analytics.values import Compared, Figures, GroupFigures, SectionStars
from lessongen.analytics.wording import Unit, dollars, error_words, percent, seconds, with_unit
from lessongen.lesson.parts import part_title
from lessongen.wording import counted, day_name

ENOUGH_RATINGS = 5
"""Ratings a section needs before it is called the best or the least liked."""


def days_told(found: Figures) -> str:
    """Say where the period before had lessons on a part of its days only: it tells less then."""
    days = found.filters.days
    if found.days_before >= days:
        return ""
    if not found.days_before:
        return " There were no lessons then: nothing can be compared."
    return f" There were lessons on {found.days_before:,} of these {counted(days, 'day')}."


def times(found: Figures) -> str:
    """Say how long lessons took, and against the period before."""
    head = found.headline
    slowest = max(found.times, key=lambda day: day.mean)
    many = counted(head.seconds.count, "complete lesson")
    return (
        f"{many} took {with_unit(head.seconds.value, 'seconds')} on average, "
        f"{with_unit(head.p50.value, 'seconds')} in the middle, and 95 of 100 were done within "
        f"{with_unit(head.p95.value, 'seconds')}."
        f"{_against(head.seconds, 'seconds', 'quicker', 'slower')} The slowest day was "
        f"{day_name(slowest.day)} with {seconds(slowest.mean)} on average."
    )


def modes(found: Figures) -> str:
    """Say what writing side by side brings."""
    by_name = {group.key: group for group in found.modes if group.seconds is not None}
    parallel, sequential = by_name.get("parallel"), by_name.get("sequential")
    said = [f"{_times(found.modes)}."]
    if parallel and sequential and parallel.seconds and sequential.seconds:
        said.append(
            f"Sequential ones took {sequential.seconds / parallel.seconds:.1f} times as long."
        )
    if parallel and parallel.saved is not None:
        said.append(
            f"One after another, the sections of a parallel lesson take {seconds(parallel.saved)} "
            "more."
        )
    return " ".join(said)


def success(found: Figures) -> str:
    """Say how many sections were written, and which one least often."""
    worst = min(found.success, key=lambda section: section.share)
    many = counted(found.headline.success.count, "section")
    every = with_unit(found.headline.success.value, "share")
    if worst.share == 1:
        return f"All of {many} were written."
    return (
        f"{every} of {many} were written; least often {part_title(worst.section)}, with "
        f"{percent(worst.share)}."
    )


def models(found: Figures) -> str:
    """Say which model was asked most."""
    shares = ", ".join(f"{model.model} {percent(model.share)}" for model in found.models)
    total = sum(model.requests for model in found.models)
    cost = sum(model.cost for model in found.models)
    verb = "would cost" if found.filters.sample else "cost"
    return f"{counted(total, 'request')}: {shares}. All of them {verb} {dollars(cost)}."


def use(found: Figures) -> str:
    """Say on which day most was asked, and on which most failed."""
    requests, failed = dict[str, int](), dict[str, int]()
    for row in found.use:
        day = day_name(row.day)
        requests[day] = requests.get(day, 0) + row.requests
        failed[day] = failed.get(day, 0) + row.failed
    busiest, worst = max(requests, key=requests.__getitem__), max(failed, key=failed.__getitem__)
    said = f"Most requests, {requests[busiest]:,}, came on {busiest}."
    return f"{said} Most failed on {worst}: {failed[worst]:,}." if failed[worst] else said


def errors(found: Figures) -> str:
    """Say how often requests failed, and what was most frequent."""
    first = found.errors[0]
    head = found.headline.errors
    return (
        f"{with_unit(head.value, 'share')} of {counted(head.count, 'request')} failed."
        f"{_against(head, 'share', 'less', 'more')} Most frequent with one model: "
        f"“{error_words(first.error)}” with {first.model}, {counted(first.failed, 'time')}, "
        f"{percent(first.share)} of its requests."
    )


def reasons(found: Figures) -> str:
    """Say how many requests were fallbacks and repairs."""
    head = found.headline
    return (
        f"Of {counted(head.fallbacks.count, 'request')}, "
        f"{with_unit(head.fallbacks.value, 'share')} were fallbacks to another model and "
        f"{with_unit(head.repairs.value, 'share')} repairs of an answer."
    )


def waits(found: Figures) -> str:
    """Say where the time of a request goes."""
    head = found.headline
    return (
        f"A request waits {with_unit(head.queue.value, 'seconds')} for its turn and takes "
        f"{with_unit(head.model.value, 'seconds')} with the model, on average over "
        f"{counted(head.queue.count, 'request')}."
    )


def stars(found: Figures) -> str:
    """Say how content teachers are."""
    head = found.headline.stars
    top = found.stars[-1]
    return (
        f"{counted(head.count, 'rating')} of whole lessons: {with_unit(head.value, 'stars')} stars "
        f"on average.{_against(head, 'stars', 'lower', 'higher')} "
        f"{percent(top.share)} gave {top.stars}."
    )


def complaints(found: Figures) -> str:
    """Say which reasons were named."""
    named = ", ".join(f"{row.reason} ({row.ratings:,})" for row in found.complaints)
    return f"Reasons named, the most frequent first: {named}."


def section_stars(found: Figures) -> str:
    """Say which section teachers like best and least, of those with enough ratings."""
    rated = [row for row in found.section_stars if row.ratings >= ENOUGH_RATINGS]
    if not rated:
        most = max(row.ratings for row in found.section_stars)
        return (
            f"There are too few ratings yet to say which section is liked best: at most {most} of "
            f"one section, {ENOUGH_RATINGS} are needed."
        )
    best, worst = (of(rated, key=lambda row: row.stars) for of in (max, min))
    said = f"Of sections with at least {ENOUGH_RATINGS} ratings, best liked: {_liked(best)}"
    return f"{said}." if worst.stars == best.stars else f"{said}; least: {_liked(worst)}."


def costs(found: Figures) -> str:
    """Say what a lesson costs, and all of them."""
    head = found.headline.cost
    total = sum(day.total for day in found.costs)
    cost = "would cost" if found.filters.sample else "cost"
    return (
        f"A lesson {cost} {with_unit(head.value, 'dollars')} on average, "
        f"{counted(head.count, 'lesson')} together {dollars(total)}."
        f"{_against(head, 'dollars', 'cheaper', 'dearer')}"
    )


def scores(found: Figures) -> str:
    """Say which answers were best and worst."""
    best = max(found.scores, key=lambda row: row.score)
    worst = min(found.scores, key=lambda row: row.score)
    said = f"Best: {part_title(best.section)} of {best.model} with {best.score:.0f} of 100"
    if worst == best:
        return f"{said}."
    return f"{said}; weakest: {part_title(worst.section)} of {worst.model} with {worst.score:.0f}."


def cohorts(found: Figures) -> str:
    """Say how long lessons of each cohort took."""
    return _side_by_side(found.cohorts)


def versions(found: Figures) -> str:
    """Compare the newest version, or the chosen one, with the one before it."""
    pair = found.before_and_after
    if pair is None:
        return _side_by_side(found.versions)
    before, after = pair
    compared: tuple[tuple[str, Unit, float | None, float | None], ...] = (
        ("time", "seconds", before.seconds, after.seconds),
        ("sections written", "share", before.success, after.success),
        ("cost of a lesson", "dollars", before.cost, after.cost),
        ("quality", "points", before.score, after.score),
        ("satisfaction", "stars", before.stars, after.stars),
    )
    said = "; ".join(
        f"{name} {with_unit(old, unit)} before, {with_unit(new, unit)} after"
        for name, unit, old, new in compared
        if old is not None and new is not None
    )
    lessons = [counted(group.lessons, "lesson") for group in (after, before)]
    both = f"{after.name.capitalize()} ({lessons[0]}) against {before.name} ({lessons[1]})"
    return f"{both}: {said}." if said else f"{both}: nothing to compare yet."


def _side_by_side(groups: tuple[GroupFigures, ...]) -> str:
    return f"{_times(groups)}."


def _times(groups: tuple[GroupFigures, ...]) -> str:
    """Say how long the complete lessons of every group took."""
    return "; ".join(
        f"“{group.name}”: {counted(group.timed, 'complete lesson')}, "
        f"{with_unit(group.seconds, 'seconds')} on average"
        for group in groups
    )


def _liked(row: SectionStars) -> str:
    return f"{part_title(row.section)} with {row.stars:.1f} of 5 ({counted(row.ratings, 'rating')})"


def _against(figure: Compared, unit: Unit, less: str, more: str) -> str:
    """Say how a figure stands against the period before; nothing where there is none."""
    change = change_of(figure, unit)
    if change is None:
        return ""
    if change.same:
        return " As in the period before."
    return f" That is {change.much} {more if change.rose else less} than in the period before."
