from collections.abc import Iterator
from dataclasses import asdict
from fnmatch import fnmatchcase
from typing import NamedTuple, cast

import pytest

from lessongen.lesson.blocks import (
    BLANK,
    Block,
    Bullets,
    Copy,
    Dialogue,
    Gap,
    GapFill,
    Heading,
    Paragraph,
    Question,
    Questions,
    Table,
    Turn,
    Words,
    is_empty,
    titled,
    without_answers,
)
from lessongen.lesson.brief import local_brief
from lessongen.lesson.lesson import Lesson
from lessongen.lesson.samples import Sample
from lessongen.lesson.sections import SECTIONS
from tests.support.lessons import BANK, contents, markets, request_on

PLAN = ["Aim", "Time", "numbered list"]
# What each section shows, in order: to learners, and what the teacher's copy adds at the end.
LAYOUTS: dict[str, tuple[list[str], list[str]]] = {
    "warmup": (["task", "numbered list"], ["# Learners may say", "list", "Lead in"]),
    "vocabulary": (
        ["task", "words", "# Practice", "gap-fill"],
        ["# Words that go together", "table of Word"],
    ),
    "reading": (
        ["task", "Before you read", "# *", *["text"] * 5, "First reading", "table of Word"],
        ["Answer to the first reading", "Text type"],
    ),
    "comprehension": (["task", "questions"], []),
    "discussion": (
        ["task", "questions", "# Useful phrases", "list", "At the end"],
        ["# Follow-up questions", "numbered list", "Listen for"],
    ),
    "grammar": (
        ["task", "# *", "list", "Meaning", "table of Use", "# Practice", "gap-fill", "Your turn"],
        ["# Check understanding", "list", "# Common mistakes", "table of Not"],
    ),
    "pronunciation": (
        ["task", "*", "table of Word", "# Say it", "numbered list"],
        ["Not in the pronouncing dictionary, please check"],
    ),
    "dialogue": (
        ["task", "Situation", "dialogue", "# Role play", "table of Role"],
        ["Functions to point out"],
    ),
    "wrapup": (["task", "list", "# Before you go", "questions", "text", "Homework"], []),
}
# What only the teacher may read, by section.
SECRETS: dict[str, tuple[str, ...]] = {
    "warmup": ("sample_answers", "link_to_topic"),
    "vocabulary": (),
    "reading": ("gist_answer", "genre"),
    "comprehension": ("answer", "evidence"),
    "discussion": ("follow_up", "feedback"),
    "grammar": ("check_questions", "wrong", "why", "answer"),
    "pronunciation": (),
    "dialogue": (),
    "wrapup": ("answer",),
}
# A stage of the lesson plan; and words that sort items or turn into a label.
PLAN_FIELDS = ("stage_aim", "teacher_steps")
LABELS = {"focus", "skill", "kind"}
all_samples = pytest.mark.parametrize(
    "sample", BANK.samples, ids=[f"{sample.topic} {sample.levels[0]}" for sample in BANK.samples]
)


class Written(NamedTuple):
    field: str
    text: str


def shape(block: Block) -> str:
    """Name a block as LAYOUTS does; headings and labels that depend on the content are cut."""
    match block:
        case Heading(text=text):
            return f"# {text}"
        case Paragraph(style="instruction"):
            return "task"
        case Paragraph(label=label):
            return label or "text"
        case Bullets(numbered=numbered):
            return "numbered list" if numbered else "list"
        case Table(header=header):
            return f"table of {header[0]}"
        case Words():
            return "words"
        case GapFill():
            return "gap-fill"
        case Questions():
            return "questions"
        case Dialogue():
            return "dialogue"


def matches(shapes: list[str], patterns: list[str]) -> bool:
    return len(shapes) == len(patterns) and all(map(fnmatchcase, shapes, patterns))


def fields(value: object, inside: str = "") -> Iterator[Written]:
    """Yield every text below a value, with the name of the innermost field it belongs to."""
    match value:
        case str() if value:
            yield Written(inside, value)
        case list() | tuple():
            for part in cast("list[object]", value):
                yield from fields(part, inside)
        case dict():
            for name, part in cast("dict[str, object]", value).items():
                yield from fields(part, name)
        case _:
            return


def written(sample: Sample, name: str) -> list[Written]:
    """Return every text of a section's content."""
    return list(fields(contents(sample)[name].model_dump()))


def shown(sample: Sample, name: str, copy: Copy) -> list[str]:
    """Return every text that one copy of a section shows."""
    return [w.text for block in blocks_of(sample, name, copy) for w in fields(asdict(block))]


def blocks_of(sample: Sample, name: str, copy: Copy) -> list[Block]:
    return SECTIONS[name].blocks(contents(sample)[name], copy)


def test_every_section_has_a_layout_in_this_test():
    assert set(LAYOUTS) == set(SECRETS) == set(SECTIONS)


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_is_laid_out_for_learners(name: str):
    shapes = [shape(block) for block in blocks_of(markets(), name, "student")]

    assert matches(shapes, LAYOUTS[name][0]), shapes


@pytest.mark.parametrize("name", SECTIONS)
def test_the_teachers_copy_has_the_plan_before_and_the_notes_after(name: str):
    student, notes = LAYOUTS[name]

    shapes = [shape(block) for block in blocks_of(markets(), name, "teacher")]

    assert matches(shapes, [*PLAN, *student, *notes]), shapes


@all_samples
@pytest.mark.parametrize("name", SECTIONS)
def test_no_answer_is_in_a_students_copy(sample: Sample, name: str):
    blocks = blocks_of(sample, name, "student")

    for block in blocks:
        match block:
            case GapFill(gaps=gaps, answers_shown=shown):
                assert not shown
                assert [gap.answer for gap in gaps if gap.answer] == []
            case Questions(items=items, answers_shown=shown):
                assert not shown
                assert [item for item in items if item.answer or item.evidence] == []
            case _:
                pass


@all_samples
@pytest.mark.parametrize("name", SECTIONS)
def test_nothing_meant_for_the_teacher_is_in_a_students_copy(sample: Sample, name: str):
    content, copy = written(sample, name), shown(sample, name, "student")
    # The right option stands among the others.
    offered = {w.text for w in content if w.field == "options"}
    secret = {w.text for w in content if w.field in {*SECRETS[name], *PLAN_FIELDS}} - offered

    assert [text for text in copy if text in secret] == []


@all_samples
@pytest.mark.parametrize("name", SECTIONS)
def test_the_teachers_copy_shows_everything_the_model_wrote(sample: Sample, name: str):
    copy = "\n".join(shown(sample, name, "teacher"))

    hidden = [w for w in written(sample, name) if w.text not in copy and w.field not in LABELS]

    assert hidden == []


def test_the_word_bank_is_in_alphabetical_order_so_that_it_gives_nothing_away():
    block = next(b for b in blocks_of(markets(), "vocabulary", "student") if isinstance(b, GapFill))

    assert list(block.bank) == sorted(block.bank, key=str.casefold)
    assert len(block.bank) == len(block.gaps)


def test_a_lesson_is_laid_out_in_lesson_order_and_names_what_is_missing():
    request = request_on(sections=["wrapup", "reading", "warmup"])
    written = {name: contents(markets())[name] for name in ("wrapup", "warmup")}
    lesson = Lesson(request, local_brief(request), written)

    laid_out = list(lesson.laid_out("student"))

    assert [part.section.name for part in laid_out] == ["warmup", "reading", "wrapup"]
    assert [bool(part.blocks) for part in laid_out] == [True, False, True]
    assert lesson.missing == ["Reading"]


SOLVED_GAP = GapFill((Gap(f"I {BLANK}.", "go"),), bank=("go",))
SOLVED_QUESTION = Questions((Question("Why?", ("a", "b"), "a", "It says so."),))


def test_answers_are_taken_out_of_gaps_and_questions_and_nothing_else_changes():
    assert without_answers(SOLVED_GAP) == GapFill(
        (Gap(f"I {BLANK}.", ""),), bank=("go",), answers_shown=False
    )
    assert without_answers(SOLVED_QUESTION) == Questions(
        (Question("Why?", ("a", "b")),), answers_shown=False
    )


@pytest.mark.parametrize(
    "block",
    [
        Heading("h"),
        Paragraph("p", label="l"),
        Bullets(("b",)),
        Table(("h",), (("c",),)),
        Dialogue((Turn("A", "Hi."),)),
    ],
)
def test_other_blocks_have_no_answers_to_take_out(block: Block):
    assert without_answers(block) is block
    assert not is_empty(block)


@pytest.mark.parametrize(
    "block",
    [
        Heading(" "),
        Paragraph("", label="Aim"),
        Bullets(("", " ")),
        Table(("Word",), ((" ",),)),
        GapFill((Gap("", "go"),)),
        Questions((Question("", answer="a"),)),
        Dialogue((Turn("A", ""),)),
    ],
)
def test_a_block_with_nothing_to_show_is_empty_and_gets_no_heading(block: Block):
    assert is_empty(block)
    assert titled("Heading", block) == ()


def test_a_block_with_something_to_show_gets_its_heading():
    assert titled("Practice", SOLVED_GAP) == (Heading("Practice"), SOLVED_GAP)


def test_an_empty_list_of_role_cards_leaves_no_heading_behind():
    content = contents(markets())["dialogue"].model_copy(update={"role_cards": []})

    shapes = [shape(block) for block in SECTIONS["dialogue"].blocks(content, "student")]

    assert shapes == ["task", "Situation", "dialogue"]
