"""The client's figures, computed again from single rows in plain Python.

Nothing of lessongen.analytics or lessongen.store.figures has a part in it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from statistics import mean
from typing import Any

from lessongen.store.store import Store

Row = Mapping[str, Any]
UNDER_WAY = {"queued", "running"}


def day_of_row(lesson: Row) -> date:
    """Return the day, in UTC, on which a lesson was asked for."""
    return datetime.fromtimestamp(lesson["created_at"], UTC).date()


@dataclass
class RawFigures:
    """The figures of lessons that ended within some days, samples left out."""

    store: Store
    first: date
    last: date
    fits: Callable[[Row], bool] = field(default=lambda _lesson: True)

    def __post_init__(self) -> None:
        read = self.store.database.read
        self.lessons = {
            row["id"]: row
            for row in read("SELECT * FROM lessons")
            if row["status"] not in UNDER_WAY
            and not row["sample"]
            and self.first <= day_of_row(row) <= self.last
            and self.fits(row)
        }
        self.sections, self.attempts, self.ratings = (
            [row for row in read(f"SELECT * FROM {table}") if row["lesson_id"] in self.lessons]
            for table in ("sections", "attempts", "ratings")
        )

    def seconds(self) -> list[float]:
        """Return the generation times of complete lessons, in order."""
        return sorted(
            row["finished_at"] - row["started_at"]
            for row in self.lessons.values()
            if row["status"] == "complete"
        )

    def within(self, share: float) -> float:
        """Return the time within which so many of the complete lessons were ready."""
        times = self.seconds()
        return next(t for place, t in enumerate(times, 1) if place >= share * len(times))

    def success_of_sections(self) -> dict[str, tuple[int, int]]:
        """Return how many sections of each name were asked for, and written."""
        asked, written = Counter[str](), Counter[str]()
        for row in self.sections:
            if self.lessons[row["lesson_id"]]["status"] != "cancelled":
                asked[row["name"]] += 1
                written[row["name"]] += row["status"] in {"written", "rewriting"}
        return {name: (asked[name], written[name]) for name in asked}

    def use_of_models(self) -> dict[str, int]:
        """Return how often each model was asked."""
        return Counter(row["model"] for row in self.attempts if row["outcome"] != "refused")

    def errors(self) -> dict[tuple[str, str], float]:
        """Return the share of a model's requests that failed with a class of error."""
        decided = Counter[str]()
        failed = Counter[tuple[str, str]]()
        for row in self.attempts:
            decided[row["model"]] += row["outcome"] in {"written", "failed"}
            if row["outcome"] == "failed":
                failed[row["model"], row["error_class"]] += 1
        return {key: many / decided[key[0]] for key, many in failed.items()}

    def error_rate(self) -> float:
        """Return the share of all requests that failed."""
        outcomes = Counter(row["outcome"] for row in self.attempts)
        return outcomes["failed"] / (outcomes["failed"] + outcomes["written"])

    def stars(self) -> list[int]:
        """Return the stars of whole lessons."""
        return [row["stars"] for row in self.ratings if not row["section"]]

    def cost_of_a_lesson(self) -> float:
        """Return what a lesson cost on average, of those whose cost is known."""
        costs = defaultdict[str, list[float]](list)
        for row in self.attempts:
            if row["cost_usd"] is not None:
                costs[row["lesson_id"]].append(row["cost_usd"])
        return mean(sum(paid) for paid in costs.values())
