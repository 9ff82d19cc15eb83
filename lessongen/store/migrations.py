"""The shape of the database, one step a function; steps are only ever added.

Types and constraints are those that PostgreSQL knows too. Times are seconds since 1970.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("lessongen")


@migrations()
def lessons_and_sections(db: Database) -> None:
    """Lessons as asked for, and their sections as they grow."""
    db.table("lessons").create(
        {
            "id": str,
            "created_at": float,
            "started_at": float,
            "finished_at": float,
            "deleted_at": float,
            "status": str,
            "cancel_requested": int,
            "mode": str,
            "sample": int,
            "topic": str,
            "level": str,
            "title": str,
            "request": str,
            "brief": str,
            "brief_local": int,
            "error": str,
        },
        pk="id",
        not_null={"created_at", "status", "mode", "topic", "level", "request"},
    )
    db.table("lessons").create_index(["status", "created_at"])
    db.table("sections").create(
        {
            "lesson_id": str,
            "name": str,
            "status": str,
            "revision": int,
            "partial": str,
            "content": str,
            "slot": str,
            "model": str,
            "reason": str,
            "started_at": float,
            "finished_at": float,
            "error": str,
        },
        pk=("lesson_id", "name"),
        not_null={"status", "revision"},
        foreign_keys=[("lesson_id", "lessons", "id")],
    )


@migrations()
def attempts(db: Database) -> None:
    """Every request to every model, whatever came of it."""
    db.table("attempts").create(
        {
            "id": str,
            "lesson_id": str,
            "part": str,
            "slot": str,
            "model": str,
            "model_version": str,
            "reason": str,
            "prompt_version": str,
            "mode": str,
            "sample": int,
            "started_at": float,
            "queue_ms": float,
            "first_text_ms": float,
            "total_ms": float,
            "input_tokens": int,
            "output_tokens": int,
            "thought_tokens": int,
            "cached_tokens": int,
            "cost_usd": float,
            "outcome": str,
            "error_class": str,
            "error": str,
        },
        pk="id",
        not_null={"lesson_id", "part", "slot", "model", "reason", "started_at", "outcome"},
        foreign_keys=[("lesson_id", "lessons", "id")],
    )
    db.table("attempts").create_index(["lesson_id"])
    db.table("attempts").create_index(["started_at"])


@migrations()
def settings(db: Database) -> None:
    """Settings that are changed while running."""
    db.table("settings").create({"name": str, "value": str, "changed_at": float}, pk="name")


@migrations()
def saved_at(db: Database) -> None:
    """When what a running lesson has was last saved, or would have been, had there been news."""
    db.table("lessons").add_column("saved_at", float)


@migrations()
def slots(db: Database) -> None:
    """The state of every slot, as the runner last told it."""
    db.table("slots").create(
        {
            "name": str,
            "model": str,
            "breaker": str,
            "opens_at": float,
            "reason": str,
            "under_way": int,
            "places": int,
            "waiting": int,
            "requests_this_minute": int,
            "told_at": float,
        },
        pk="name",
        not_null={"model", "breaker", "told_at"},
    )


@migrations()
def quality(db: Database) -> None:
    """What checks found, how long was written again because of it, and all scores."""
    db.table("sections").add_column("findings", str)
    db.table("sections").add_column("rewriting_since", float)
    db.table("sections").add_column("rewriting_seconds", float)
    for table in ("sections", "lessons", "attempts"):
        db.table(table).add_column("score", float)


@migrations()
def owners(db: Database) -> None:
    """Whose a lesson is, how it is to be written and why so, and which strategy wrote it."""
    lessons = db.table("lessons")
    lessons.add_column("owner", str, not_null_default="local")
    lessons.add_column("mode_reason", str)
    lessons.add_column("own_assignments", str)
    lessons.add_column("strategy_version", int)
    lessons.add_column("version", int, not_null_default=1)
    lessons.create_index(["owner", "created_at"])
    lessons.create_index(["created_at"])


@migrations()
def administration(db: Database) -> None:
    """What admins decide: strategies, slots closed by hand, errands for the runner."""
    db.table("settings").add_column("changed_by", str)
    db.table("strategies").create(
        {
            "version": int,
            "saved_at": float,
            "saved_by": str,
            "why": str,
            "changes": str,
            "fingerprint": str,
            "strategy": str,
        },
        pk="version",
        not_null={"saved_at", "saved_by", "why", "changes", "strategy"},
    )
    db.table("slot_orders").create(
        {"slot": str, "closed": int, "given_at": float, "given_by": str},
        pk="slot",
        not_null={"closed", "given_at", "given_by"},
    )
    db.table("slots").add_column("by_hand", int, not_null_default=0)
    db.table("errands").create(
        {
            "id": str,
            "kind": str,
            "asked_at": float,
            "asked_by": str,
            "begun_at": float,
            "finished_at": float,
            "result": str,
            "error": str,
        },
        pk="id",
        not_null={"kind", "asked_at", "asked_by"},
    )


@migrations()
def ratings(db: Database) -> None:
    """What people thought of lessons and of sections; without a section, of the whole lesson."""
    db.table("ratings").create(
        {
            "lesson_id": str,
            "section": str,
            "version": int,
            "person": str,
            "stars": int,
            "reason": str,
            "rated_at": float,
        },
        pk=("lesson_id", "section", "version", "person"),
        not_null={"stars", "rated_at"},
        foreign_keys=[("lesson_id", "lessons", "id")],
    )


@migrations()
def stale_days(db: Database) -> None:
    """Days, counted from 1970 in UTC, whose lessons changed since they were last summed up."""
    db.table("stale_days").create({"day": int}, pk="day")


@migrations()
def day_sums(db: Database) -> None:
    """What lessons took, cost and were worth, summed up by the day they were asked for.

    `cohort` is a lesson's mode_reason and `version` its strategy_version, with "" and 0 where they
    are not known. Rows of attempt_days that are `sealed` hold attempts that are kept no longer.
    """
    of_lessons = {"day": int, "level": str, "mode": str, "cohort": str, "version": int}
    of_lessons |= {"sample": int}
    facts = db.table("lesson_facts")
    facts.create(
        of_lessons
        | {
            "lesson_id": str,
            "created_at": float,
            "status": str,
            "seconds": float,
            "saved_seconds": float,
            "asked": int,
            "written": int,
            "score": float,
            "cost_usd": float,
            "unpriced": int,
        },
        pk="lesson_id",
        foreign_keys=[("lesson_id", "lessons", "id")],
    )
    facts.create_index(["day"])
    # Each is all that a query needs, in the order it needs it: a tenth of the time.
    kinds = ["level", "mode", "cohort", "version"]
    facts.create_index(["sample", "status", "seconds", "day", *kinds])
    facts.create_index(["sample", "status", "day", "seconds", *kinds])
    sums = ["seconds", "saved_seconds", "cost_usd", "unpriced", "score"]
    facts.create_index(["sample", "day", "mode", "cohort", "version", "status", "level", *sums])
    attempt_days = db.table("attempt_days")
    attempt_days.create(
        of_lessons
        | {
            "part": str,
            "slot": str,
            "model": str,
            "reason": str,
            "outcome": str,
            "error_class": str,
            "sealed": int,
            "attempts": int,
            "timed": int,
            "queue_ms": float,
            "model_ms": float,
            "input_tokens": int,
            "output_tokens": int,
            "cost_usd": float,
            "unpriced": int,
            "scored": int,
            "score_sum": float,
        }
    )
    attempt_days.create_index(["day"])
    section_days = db.table("section_days")
    section_days.create(
        of_lessons
        | {
            "section": str,
            "slot": str,
            "model": str,
            "asked": int,
            "written": int,
            "timed": int,
            "seconds_sum": float,
            "scored": int,
            "score_sum": float,
        }
    )
    section_days.create_index(["day"])
    rating_days = db.table("rating_days")
    rating_days.create(
        of_lessons | {"section": str, "model": str, "stars": int, "reason": str, "ratings": int}
    )
    rating_days.create_index(["day"])
    db.table("sealed_lessons").create(
        {"lesson_id": str, "cost_usd": float, "unpriced": int},
        pk="lesson_id",
        foreign_keys=[("lesson_id", "lessons", "id")],
    )
    db.table("summed_days").create({"day": int, "attempts": int, "summed_at": float}, pk="day")
    db.execute(
        "INSERT INTO stale_days (day) SELECT DISTINCT CAST(created_at / 86400 AS INTEGER) "
        "FROM lessons WHERE true ON CONFLICT (day) DO NOTHING"
    )


@migrations()
def ended_sign_ins(db: Database) -> None:
    """Sign-ins that were ended by hand, each until it would have ended by itself."""
    db.table("ended_sign_ins").create({"mark": str, "until": float}, pk="mark", not_null={"until"})
