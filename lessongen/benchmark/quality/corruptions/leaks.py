"""Corruptions that give the key away: answers where learners see them."""

from random import Random

from lessongen.benchmark.quality.corruption import Corruption
from lessongen.benchmark.quality.editing import changed, questions, section_fields, with_item
from lessongen.lesson.lesson import Lesson

_TOLD = (
    " Answer: {}",
    " (Answer: {})",
    " (answer key: {})",
    "\nCorrect answer: {}",
    " Solution: {}",
    " [{}]",
    " The right answer is: {}",
    " → {}",
)
_MARKED = (
    "{} ✓",
    "✓ {}",
    "{} (correct)",
    "{} ✔",
    "{} [correct answer]",
    "{} (right answer)",
    "{} ← correct",
    "{} ✅",
    "[x] {}",
    "{} *",
)


def answer_in_stem(lesson: Lesson, rng: Random) -> Lesson | None:
    """Write the answer behind a question on the text."""
    place, item = rng.choice([*questions(lesson, choice=True), *questions(lesson, choice=False)])
    told = rng.choice(_TOLD)
    question = item["question"] + told.format(item["answer"])
    return with_item(lesson, "comprehension", "items", place, {"question": question})


def option_marked(lesson: Lesson, rng: Random) -> Lesson | None:
    """Mark the right option."""
    items = questions(lesson, choice=True)
    if not items:
        return None
    place, item = rng.choice(items)
    marked = rng.choice(_MARKED)
    answer = marked.format(item["answer"])
    options = [answer if option == item["answer"] else option for option in item["options"]]
    item = {"options": options, "answer": rng.choice([answer, item["answer"]])}
    return with_item(lesson, "comprehension", "items", place, item)


def answer_in_brackets(lesson: Lesson, rng: Random) -> Lesson | None:
    """Write the answer into the brackets of a grammar sentence, where the base form belongs."""
    exercises = section_fields(lesson, "grammar")["exercises"]
    hinted = [
        (place, gap)
        for place, gap in enumerate(exercises)
        if "(" in gap["sentence"] and f"({gap['answer']})" not in gap["sentence"]
    ]
    if not hinted:
        return None
    place, gap = rng.choice(hinted)
    sentence = f"{gap['sentence'].rsplit('(', 1)[0]}({gap['answer']})"
    return with_item(lesson, "grammar", "exercises", place, {"sentence": sentence})


def gist_in_question(lesson: Lesson, rng: Random) -> Lesson | None:
    """Answer the question for the first reading in the question."""
    reading = section_fields(lesson, "reading")
    told = rng.choice(["{question} ({answer})", "{question} Is it because: {answer}"])
    question = told.format(question=reading["gist_question"], answer=reading["gist_answer"])
    return changed(lesson, "reading", gist_question=question)


def answer_in_exit_ticket(lesson: Lesson, rng: Random) -> Lesson | None:
    """Say the answer in a question of the exit ticket."""
    checks = section_fields(lesson, "wrapup")["exit_ticket"]
    place = rng.randrange(len(checks))
    told = rng.choice(
        ["{question} ({answer})", "{question} Answer: {answer}", "{question} → {answer}"]
    )
    question = told.format(**checks[place])
    return with_item(lesson, "wrapup", "exit_ticket", place, {"question": question})


def key_in_task(lesson: Lesson, rng: Random) -> Lesson | None:
    """Print the key under the instruction that learners read."""
    items = section_fields(lesson, "comprehension")["items"]
    key = ", ".join(f"{number} {rng.choice('abc')}" for number in range(1, len(items) + 1))
    heading = rng.choice(["Answers:", "Answer key:", "Key:", "Solutions:", "Correct answers:"])
    task = section_fields(lesson, "comprehension")["task"]
    return changed(lesson, "comprehension", task=f"{task[:220]} {heading} {key}")


LEAKS = (
    Corruption("answer in the question", ("leaks",), ("comprehension",), answer_in_stem),
    Corruption("right option marked", ("leaks", "choices"), ("comprehension",), option_marked),
    Corruption("answer in the brackets", ("leaks", "gaps"), ("grammar",), answer_in_brackets),
    Corruption("gist answer in its question", ("leaks",), ("reading",), gist_in_question),
    Corruption("answer in the exit ticket", ("leaks",), ("wrapup",), answer_in_exit_ticket),
    Corruption("key under the task", ("leaks",), ("comprehension",), key_in_task),
)
