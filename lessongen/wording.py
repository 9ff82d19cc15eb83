"""Words that are the same wherever people read them: days, moments, numbers, and who it was."""

from datetime import date, datetime

from lessongen.people import LOCAL

UNKNOWN = "–"
"""What stands in the place of a figure that is not known."""


def day_name(day: date) -> str:
    """Return a day as people say it: 5 November 2026."""
    return f"{day.day} {day:%B %Y}"


def moment_name(at: float) -> str:
    """Return a moment, in seconds since 1970, by the server's clock: 5 November 2026, 14:03."""
    moment = datetime.fromtimestamp(at)  # noqa: DTZ006 - the reader's own clock
    return f"{day_name(moment)}, {moment:%H:%M}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number of things: 1 lesson, 1,200 lessons."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def who(person: str) -> str:
    """Return what others call a person: the address, where there is one."""
    return "the user of this computer" if person == LOCAL else person
