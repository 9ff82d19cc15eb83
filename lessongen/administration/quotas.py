"""Quotas: how many lessons a teacher may ask for in a day, and what a day may cost in all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lessongen.errors import QuotaReached
from lessongen.wording import counted, day_name


class Quotas(BaseModel):
    """Limits for a day, which ends at the server's midnight; None where there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    lessons_per_teacher: Annotated[int, Field(ge=0, le=100_000)] | None = None
    dollars: Annotated[float, Field(ge=0, le=1_000_000)] | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """What was used up since midnight: lessons of one teacher, US dollars of all."""

    lessons: int
    dollars: float


def require_room(quotas: Quotas, spent: Spent, now: float) -> None:
    """Let a lesson more be asked for; `now` is in seconds since 1970.

    Raises:
        QuotaReached: where a quota is used up, with the time when it lifts.
    """
    if quotas.lessons_per_teacher == 0 or quotas.dollars == 0:
        raise QuotaReached("An admin has closed LessonGen for new lessons, until they open it.")
    opens = next_midnight(now)
    lifts = f"You can go on tomorrow, {day_name(opens)}, at {opens:%H:%M}."
    limit = quotas.lessons_per_teacher
    if limit is not None and spent.lessons >= limit:
        many = counted(limit, "lesson")
        raise QuotaReached(f"You may ask for {many} a day, and have asked for all today. {lifts}")
    if quotas.dollars is not None and spent.dollars >= quotas.dollars:
        raise QuotaReached(
            f"Today’s lessons have cost ${spent.dollars:.2f}, and ${quotas.dollars:.2f} is what a "
            f"day may cost here. {lifts} An admin can raise the limit."
        )


def midnight(now: float) -> float:
    """Return when the server's day of a moment began, both in seconds since 1970."""
    return _day(now).timestamp()


def next_midnight(now: float) -> datetime:
    """Return when the server's day of a moment ends, by its own clock."""
    return _day((_day(now) + timedelta(days=1, hours=2)).timestamp())


def _day(now: float) -> datetime:
    moment = datetime.fromtimestamp(now).astimezone()
    # By way of its seconds: where clocks go forward at midnight, there is no 00:00 that day.
    began = datetime.combine(moment.date(), datetime.min.time()).timestamp()
    return datetime.fromtimestamp(began).astimezone()
