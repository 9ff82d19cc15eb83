"""Numbers of answers: those that a text gives to other things, and those worked out from it."""

from decimal import Decimal
from itertools import combinations

from lessongen.quality.numbers import numbers
from lessongen.quality.quantities import Quantity, elliptical, quantities
from lessongen.quality.text import sentences


def miscounted(answer: str, passage: str, text: str) -> tuple[str, ...]:
    """Return the numbers of an answer whose things its proof counts otherwise, and no sentence so.

    Of “two pages” in the proof, “forty pages” in the answer is found, forty people or not.
    """
    counted = {q.kind for q in _all_quantities(passage)}
    told = {(q.kind, q.value) for sentence in sentences(text) for q in _all_quantities(sentence)}
    return tuple(
        dict.fromkeys(
            q.words
            for q in _all_quantities(answer)
            if q.kind in counted and (q.kind, q.value) not in told
        )
    )


def is_worked_out(number: str, answer: str, passage: str) -> bool:
    """Say whether a number of an answer is a sum or difference of what its proof counts.

    Both numbers count the same things, and those that the answer counts, where it says which.
    """
    wanted = {q.kind for q in _all_quantities(answer) if q.words == number}
    values = {found.value for found in numbers(number)}
    counted = [q for q in _all_quantities(passage) if q.value.isdigit()]
    return any(
        one.kind == other.kind
        and (not wanted or one.kind in wanted)
        and not values.isdisjoint(_results(one, other))
        for one, other in combinations(counted, 2)
    )


def _results(one: Quantity, other: Quantity) -> set[str]:
    first, second = Decimal(one.value), Decimal(other.value)
    return {f"{first + second:f}", f"{abs(first - second):f}"}


def _all_quantities(text: str) -> tuple[Quantity, ...]:
    return (*quantities(text), *elliptical(text))
