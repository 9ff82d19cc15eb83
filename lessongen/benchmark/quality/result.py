"""The result: how much of what is wrong each check finds, and how often it is wrong itself."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from lessongen.benchmark.figures import Breakdown, Figure, Target
from lessongen.benchmark.quality.trials import Alarms, Trial
from lessongen.quality.findings import Severity

_LEVEL = "level"
_HEADER = ("check", "corruptions", "found", "false alarms")
_KINDS = ("what is wrong", "check", "corruptions", "found")


@dataclass(frozen=True, slots=True)
class Row:
    """One check. `intact` lessons were checked, `alarms` of them were said to have something."""

    check: str
    corruptions: int
    found: int
    intact: int
    alarms: int

    @property
    def detection(self) -> float:
        """The share of the corruptions that the check found; 0 of none."""
        return self.found / self.corruptions if self.corruptions else 0.0

    @property
    def false_alarms(self) -> float:
        """The share of intact lessons that the check found something in."""
        return self.alarms / self.intact if self.intact else 0.0


@dataclass(frozen=True, slots=True)
class Quality:
    """What was found in corrupted and in intact lessons, and the milliseconds that it took.

    `unseen` are trials of what no check can see, `reworded` of answers that are right in other
    words than the text's: both are told by themselves.
    """

    trials: tuple[Trial, ...]
    unseen: tuple[Trial, ...]
    reworded: tuple[Trial, ...]
    alarms: tuple[Alarms, ...]
    check_ms: tuple[float, ...]
    pdf_ms: tuple[float, ...]

    def figures(self) -> Sequence[Figure]:
        """Return the worst detection and the worst false alarm rate, the level, and the times."""
        rows = self.rows()
        worst = min((r for r in rows if r.corruptions and r.check != _LEVEL), key=_detection)
        loudest = max(rows, key=lambda row: row.false_alarms)
        level = next((row for row in rows if row.check == _LEVEL), Row(_LEVEL, 0, 0, 0, 0))
        return (
            Figure(
                "detection_min",
                worst.detection,
                f"the check that finds least, {worst.check}: {worst.found} of {worst.corruptions}",
                Target("at least", 0.90),
            ),
            Figure(
                "false_alarm_max",
                loudest.false_alarms,
                f"the check that is wrong most often, {loudest.check}: {loudest.alarms} of "
                f"{loudest.intact} intact lessons",
                Target("at most", 0.03),
            ),
            Figure(
                "reworded_faults",
                _share(self.reworded, "fault"),
                "right answers in other words than the text’s that are called a fault; "
                f"{_share(self.reworded, 'note'):.0%} more are noted, of {len(self.reworded)}",
            ),
            Figure(
                "level_two_off",
                level.detection,
                f"texts two levels off or more that are found: {level.found} of "
                f"{level.corruptions}",
                Target("at least", 0.80),
            ),
            Figure(
                "checks_ms",
                median(self.check_ms),
                f"every check of a lesson never checked before, median of {len(self.check_ms)}",
                Target("at most", 50),
            ),
            Figure(
                "corruptions",
                len(self.trials),
                f"corrupted lessons; {len(self.unseen)} more have what cannot be seen",
                Target("at least", 300),
            ),
            Figure(
                "pdf_ms",
                median(self.pdf_ms),
                f"both PDF copies of a lesson, median of {len(self.pdf_ms)}",
                Target("at most", 300),
            ),
        )

    def rows(self) -> tuple[Row, ...]:
        """Return a row for each check that should find something, or that found something."""
        made = Counter(trial.corruption.checks[0] for trial in self.trials)
        found = Counter(trial.corruption.checks[0] for trial in self.trials if trial.found)
        loud = Counter(check for alarm in self.alarms for check in _checks(alarm))
        checks = sorted({*made, *loud})
        return tuple(
            Row(check, made[check], found[check], len(self.alarms), loud[check]) for check in checks
        )

    def breakdowns(self) -> Sequence[Breakdown]:
        """Return the tables: by check, what cannot be seen, by what was wrong, and the counts."""
        checks = (
            (row.check, row.corruptions, row.detection, row.false_alarms) for row in self.rows()
        )
        return (
            Breakdown("checks", _HEADER, tuple(checks)),
            Breakdown("cannot be seen", _KINDS, _by_kind(self.unseen)),
            Breakdown("what is wrong", _KINDS, _by_kind(self.trials), detailed=True),
            Breakdown("right in other words", _KINDS, _by_kind(self.reworded), detailed=True),
            Breakdown("lessons", ("lessons", "count"), self._counts(), detailed=True),
        )

    def _counts(self) -> tuple[tuple[str, int], ...]:
        return (
            ("intact", len(self.alarms)),
            ("corrupted", len(self.trials)),
            ("with what cannot be seen", len(self.unseen)),
            ("right in other words", len(self.reworded)),
        )


def _share(trials: Sequence[Trial], severity: Severity) -> float:
    """Return the share of lessons in which the worst that was found is of this severity."""
    worst = [min((finding.severity for finding in trial.new), default="") for trial in trials]
    return worst.count(severity) / len(trials) if trials else 0.0


def _detection(row: Row) -> float:
    return row.detection


def _checks(alarm: Alarms) -> set[str]:
    return {finding.check for finding in alarm.findings}


def _by_kind(trials: Iterable[Trial]) -> tuple[tuple[str, str, int, float], ...]:
    """Return each kind of corruption, how many lessons had it, and the share that was found."""
    kinds: dict[str, list[Trial]] = {}
    for trial in trials:
        kinds.setdefault(trial.corruption.name, []).append(trial)
    rows = (
        (name, _answering(of[0]), len(of), sum(t.found for t in of) / len(of))
        for name, of in kinds.items()
    )
    return tuple(sorted(rows, key=lambda row: row[1]))


def _answering(trial: Trial) -> str:
    return next(iter(trial.corruption.checks), "any")


def as_markdown(quality: Quality) -> str:
    """Return the table of the checks, and what cannot be seen, for the README."""
    checks, unseen, *_ = quality.breakdowns()
    lines = [
        "| check | corruptions | found | false alarms |",
        "|---|--:|--:|--:|",
        *(_line(row) for row in checks.shown()),
        *(_line((f"cannot be seen: {name}", *rest, "")) for name, _, *rest in unseen.shown()),
    ]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
