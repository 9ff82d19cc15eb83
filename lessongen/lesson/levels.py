"""The six CEFR levels: what a learner can do, and how to write for that learner."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """A level of the Common European Framework of Reference for Languages."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"


@dataclass(frozen=True, slots=True)
class Guidance:
    """What a level means for a teacher (`can_do`) and for a writer.

    `sentence_words` is the range most sentences keep; `language` names what may be used;
    `example` is a sentence of the level, and `counterexample` one that is not, for its `fault`.
    """

    can_do: str
    sentence_words: tuple[int, int]
    language: str
    example: str
    counterexample: str
    fault: str


GUIDANCE: dict[Level, Guidance] = {
    Level.A1: Guidance(
        can_do="Can understand and use everyday expressions and very simple sentences.",
        sentence_words=(3, 7),
        language="present simple, 'can', 'there is', the most common 700 words",
        example="Lina works in a cafe. She starts at eight.",
        counterexample="Lina, who is employed in a cafe, commences her shift at eight.",
        fault="a relative clause and formal verbs",
    ),
    Level.A2: Guidance(
        can_do="Can talk about familiar things in simple, direct sentences.",
        sentence_words=(6, 12),
        language="past simple, 'going to', comparatives, 'because' and 'so'",
        example="Last summer we stayed with my aunt because she has a boat.",
        counterexample="Having been invited by my aunt, we spent the summer aboard her vessel.",
        fault="a participle clause, a passive and a rare noun",
    ),
    Level.B1: Guidance(
        can_do="Can deal with most everyday situations and give reasons for opinions.",
        sentence_words=(8, 15),
        language="present perfect, first conditional, relative clauses, common phrasal verbs",
        example="Anyone who has shared a kitchen knows that small habits can cause big arguments.",
        counterexample="Cohabitation in confined premises is conducive to interpersonal friction.",
        fault="abstract nouns where people should act",
    ),
    Level.B2: Guidance(
        can_do="Can follow the main ideas of complex texts and argue a point clearly.",
        sentence_words=(10, 20),
        language="passives, second and third conditionals, reported speech, linking phrases",
        example="Had the council listened to residents, the square might not have been sold.",
        counterexample="The council didn’t listen. They sold the square. It was bad.",
        fault="short main clauses only, nothing weighed",
    ),
    Level.C1: Guidance(
        can_do="Can understand demanding texts and express ideas fluently and flexibly.",
        sentence_words=(12, 24),
        language="inversion, nominalisation, hedging, idiom and collocation",
        example="What passes for convenience, critics contend, is often little more than habit.",
        counterexample="Some say that it is convenient, but others say that it is a habit.",
        fault="plain statements in a row, no distance and no density",
    ),
    Level.C2: Guidance(
        can_do="Can understand virtually everything and express fine shades of meaning.",
        sentence_words=(12, 28),
        language="the full range of the language, irony and register included",
        example="The report, for all its studied neutrality, reads rather like an epitaph.",
        counterexample="The report tries to be neutral, but it sounds sad.",
        fault="the shade of meaning is gone",
    ),
}


def by_level(a1: str, a2: str, b1: str, b2: str, c1: str, c2: str) -> dict[Level, str]:
    """Return a text for each level."""
    return dict(zip(Level, (a1, a2, b1, b2, c1, c2), strict=True))
