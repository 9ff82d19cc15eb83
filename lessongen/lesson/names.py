"""The names of people in lessons: a pool of our own, from many regions.

Models left to themselves use the same few names again and again; and a class should meet people
from all over the world.
"""

from dataclasses import dataclass
from random import Random
from typing import Literal

Pronoun = Literal["she", "he", "they"]

_NAMES: dict[str, tuple[str, str]] = {
    # region: names of women, names of men
    "West Africa": ("Abena Folake Mariama Ngozi Zainab", "Kofi Kwame Kwabena Babajide Ousmane"),
    "East Africa": ("Wanjiru Achieng Hirut Meseret Zawadi", "Baraka Juma Dawit Otieno"),
    "Southern Africa": ("Thandiwe Thandi Lerato Nomsa Nomvula", "Lwazi Sipho Tendai Kagiso"),
    "North Africa": ("Salma Nadia Houda", "Karim Youssef Anis"),
    "Western Asia": ("Leyla Zeynep Defne Soraya Rima", "Emre Tariq Samir Aram"),
    "South Asia": ("Devi Priya Kavita Nasreen Anjali", "Arjun Farhan Ravi Bikram"),
    "East Asia": ("Mei Yuki Keiko Seo-yeon Haruka", "Jun Kenji Min-jun Wei"),
    "South-East Asia": ("Linh Hoa Putri Malee Rosalinda", "Minh Budi Somchai Jomar"),
    "Pacific": ("Moana Leilani Talia", "Tane Sione Koa"),
    "South America": ("Ximena Luciana Leticia Maribel Yara", "Joaquín Hernán Thiago Mateus"),
    "Central America": ("Shanice Yesenia Odalys Ofelia", "Delroy Wilmer Kemar"),
    "North America": ("Keisha Brooke Dakota Noelle", "Tyrell Wyatt Desmond"),
    "Northern Europe": ("Marit Aino Sigrun Signe Ingunn", "Anders Eero Bjarni Rasmus"),
    "Western Europe": ("Bronagh Fenna Maelle Heike", "Callum Joost Bastien Gethin Ruairi"),
    "Southern Europe": ("Ornella Despina Pilar Nuria Lurdes", "Nuno Duarte Stavros Gennaro"),
    "Eastern Europe": ("Oksana Halina Zsofia Milena", "Pavel Bogdan Bojan Taras Ondrej"),
}


@dataclass(frozen=True, slots=True)
class Name:
    """A first name, the pronoun of people who have it in lessons, and where it is common."""

    name: str
    pronoun: Pronoun
    region: str


def _pool() -> dict[str, Name]:
    pronouns: tuple[Pronoun, ...] = ("she", "he")
    return {
        name: Name(name, pronoun, region)
        for region, kinds in _NAMES.items()
        for pronoun, names in zip(pronouns, kinds, strict=True)
        for name in names.split()
    }


POOL: dict[str, Name] = _pool()


def chosen_names(seed: str, count: int = 4) -> list[Name]:
    """Choose names of as many regions, she and he in turn; the same seed gives the same names."""
    random = Random(seed)  # noqa: S311 - a choice that can be made again, no secret
    regions = random.sample(sorted(_NAMES), count)
    first = random.randrange(2)
    return [_one(region, (first + index) % 2, random) for index, region in enumerate(regions)]


def _one(region: str, kind: int, random: Random) -> Name:
    pronoun: Pronoun = ("she", "he")[kind]
    names = [name for name in POOL.values() if name.region == region and name.pronoun == pronoun]
    return random.choice(names)


def first_name(name: str) -> str:
    """Return the first name of a person's name."""
    return name.split(maxsplit=1)[0] if name.split() else ""


ANYBODY = tuple(chosen_names("anybody"))
"""Names for a lesson where nobody has chosen any."""
