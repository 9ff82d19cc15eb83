"""What people thought of lessons and of sections."""

from dataclasses import dataclass
from typing import Literal, get_args

from lessongen.store.database import Database
from lessongen.store.lesson_rows import mark_stale
from lessongen.store.lessons import Now

RatingReason = Literal["too hard", "too easy", "inaccurate", "inappropriate", "boring", "other"]
REASONS: tuple[RatingReason, ...] = get_args(RatingReason)
WHOLE_LESSON = ""
MOST_STARS = 5


@dataclass(frozen=True, slots=True)
class Rating:
    """One to five stars for a lesson, or for a section of it, and perhaps a reason."""

    stars: int
    reason: RatingReason | None = None


class Ratings:
    """One rating for each person, part and version of a lesson; the newest counts.

    Methods may be called from any thread; they raise StoreError.
    """

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    def rate(self, lesson_id: str, person: str, rating: Rating, section: str = "") -> bool:
        """Keep a rating of the newest version; False where the person has no such lesson.

        Raises:
            ValueError: where the stars are not from 1 to 5.
        """
        if not 1 <= rating.stars <= MOST_STARS:
            raise ValueError(f"{rating.stars} stars")
        with self._database.transaction():
            kept = self._database.execute(
                "INSERT INTO ratings "
                "(lesson_id, section, version, person, stars, reason, rated_at) SELECT id, "
                ":section, version, :person, :stars, :reason, :now FROM lessons "
                "WHERE id = :id AND owner = :person AND deleted_at IS NULL "
                "ON CONFLICT (lesson_id, section, version, person) DO UPDATE SET "
                "stars = excluded.stars, reason = excluded.reason, rated_at = excluded.rated_at",
                id=lesson_id,
                section=section,
                person=person,
                stars=rating.stars,
                reason=rating.reason,
                now=self._now(),
            )
            mark_stale(self._database, lesson_id)
        return kept == 1

    def withdraw(self, lesson_id: str, person: str, section: str = "") -> None:
        """Forget a person's rating of the newest version."""
        with self._database.transaction():
            self._database.execute(
                "DELETE FROM ratings WHERE lesson_id = :id AND person = :person "
                "AND section = :section "
                "AND version = (SELECT version FROM lessons WHERE id = :id)",
                id=lesson_id,
                person=person,
                section=section,
            )
            mark_stale(self._database, lesson_id)

    def of(self, lesson_id: str, person: str) -> dict[str, Rating]:
        """Return what a person thinks of the newest version, by section; "" is the lesson."""
        rows = self._database.read(
            "SELECT r.section, r.stars, r.reason FROM ratings r "
            "JOIN lessons l ON l.id = r.lesson_id AND l.version = r.version "
            "WHERE r.lesson_id = :id AND r.person = :person",
            id=lesson_id,
            person=person,
        )
        return {row["section"]: Rating(row["stars"], row["reason"]) for row in rows}
