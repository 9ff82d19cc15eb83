"""The arguments of every command, and the help that explains them."""

import argparse
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NoReturn

_ABOUT = """\
LessonGen writes complete English lessons: nine sections at the same time, by several Gemini
models. Without an API key it serves hand-written sample lessons, so everything can be tried."""

_EXAMPLES = """\
Start here:
  lessongen run                      open the app in your browser
  lessongen doctor                   see what is set up, and what is missing
  lessongen generate --topic "Weekend markets" --level B1 --out lesson.docx"""

_MOST_DAYS = 3660
# Named here as well as in the suite, which takes a second to load.
BENCHMARKS = ("overhead", "faults", "tail", "limits", "quality", "analytics")


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message[:1].upper()}{message[1:]}. See {self.prog} --help.\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser; `command` is None where none was given."""
    main = _Parser(
        prog="lessongen",
        description=_ABOUT,
        epilog=_EXAMPLES,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    main.add_argument("--version", action="version", version=f"LessonGen {_version()}")
    commands = main.add_subparsers(dest="command", metavar="command", title="commands")
    _run(commands.add_parser("run", help="open the app in your browser"))
    _generate(commands.add_parser("generate", help="write one lesson into a file"))
    commands.add_parser("doctor", help="say what is set up, and what is missing")
    _emulator(commands.add_parser("emulator", help="serve sample lessons as Gemini would"))
    _report(commands.add_parser("report", help="write the figures of some days into a file"))
    _bench(commands.add_parser("bench", help="measure how quick LessonGen itself is"))
    return main


def _version() -> str:
    try:
        return version("lessongen")
    except PackageNotFoundError:
        return "(not installed, run from its folder)"


def _run(command: argparse.ArgumentParser) -> None:
    command.description = "Open the app in your browser. Ctrl-C stops it."
    command.add_argument("--port", type=_port, help="default: 8501, or the next free one")
    command.add_argument(
        "--host", default="127.0.0.1", help="who may connect; default: this computer only"
    )
    command.add_argument(
        "--open",
        action=argparse.BooleanOptionalAction,
        help="open the browser; default: yes where a person is watching",
    )


def _generate(command: argparse.ArgumentParser) -> None:
    command.description = (
        "Write one lesson into a file. Exit code 0: complete; 3: some sections are missing and "
        "marked; 1: no lesson; 2: something given cannot be used."
    )
    command.add_argument("--topic", required=True, help="a few words, such as “Weekend markets”")
    command.add_argument("--level", required=True, help="A1, A2, B1, B2, C1 or C2")
    command.add_argument("--minutes", type=_whole, default=45, help="in class; default: 45")
    command.add_argument("--notes", default="", help="wishes, such as: mention our trip to Leeds")
    command.add_argument("--variant", choices=("British", "American"), default="British")
    command.add_argument("--first-language", default="", help="of the learners, if they share one")
    command.add_argument(
        "--age-group", choices=("children", "teenagers", "adults"), default="adults"
    )
    command.add_argument("--grammar", default="", help="the point to practise, such as: used to")
    command.add_argument("--words", default="", help="words to teach, with commas between them")
    command.add_argument("--known-words", default="", help="words that were taught before")
    command.add_argument(
        "--text", type=Path, metavar="FILE.txt", help="your own text: it becomes the reading"
    )
    command.add_argument(
        "--mode",
        choices=("parallel", "sequential"),
        help="all sections at the same time, or one after another as before; default: as an admin "
        "decided, otherwise parallel",
    )
    command.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="ends in .docx, .pdf, .md, .apkg (Anki), .gift (Moodle) or .json",
    )
    command.add_argument("--copy", choices=("student", "teacher"), default="teacher")
    command.add_argument(
        "--report", type=Path, metavar="FILE.json", help="also keep times and cost of every request"
    )


def _emulator(command: argparse.ArgumentParser) -> None:
    command.description = (
        "Serve sample lessons over Gemini's own protocol, for tests without a key. "
        "Nothing leaves this computer."
    )
    command.add_argument(
        "--port", type=_port, help="default: 8601, or the next free one; 0: any free one"
    )
    command.add_argument(
        "--speed", type=float, default=1.0, help="times as fast as real models; inf: no delay"
    )
    command.add_argument("--seed", type=_whole, default=0, help="same seed, same delays and faults")
    command.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="RULE",
        help="something that goes wrong, such as throttled:part=reading,times=1,when=midway; "
        "repeatable",
    )
    command.add_argument(
        "--limit",
        action="append",
        default=[],
        metavar="MODEL=N/SECONDS",
        help="answer no more than N requests in so many seconds, 429 to the others; repeatable",
    )
    command.add_argument("--key", help="refuse every other API key")


def _report(command: argparse.ArgumentParser) -> None:
    command.description = (
        "Write what lessons took, cost and were worth into a file, for those who want it by mail: "
        "figures, their definitions, and how they were in the days before. Nothing of what "
        "lessons say, and nobody’s name, is in it."
    )
    command.add_argument(
        "--days", type=_days, default=30, help="up to today, days of UTC; default: 30"
    )
    command.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="ends in .html, to be read in a mail or a browser, or in .csv",
    )
    command.add_argument(
        "--samples",
        action=argparse.BooleanOptionalAction,
        help="of sample lessons instead of real ones; default: where no key is set",
    )


def _bench(command: argparse.ArgumentParser) -> None:
    command.description = (
        "Measure LessonGen against an emulator in a process of its own: no key, no network, "
        "at most two minutes for each benchmark."
    )
    command.add_argument(
        "name",
        nargs="?",
        choices=BENCHMARKS,
        help="what we add to the models’ time; what arrives while models fail; what a second "
        "model helps where answers are slow; whether a slot’s limits hold; what our checks find in "
        "lessons with something wrong; how soon the page of figures is there. Default: all in turn",
    )
    command.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    command.add_argument("--lessons", type=_count, default=20, help="at the same time; default: 20")
    command.add_argument(
        "--rows",
        type=_count,
        metavar="N",
        help="attempts behind the page of figures; default: 100000, in a quick run 3000",
    )
    command.add_argument("--quick", action="store_true", help="a few seconds, rough figures")


def _port(text: str) -> int:
    port = _whole(text)
    if not 0 <= port <= 65535:  # noqa: PLR2004 - the largest port there is
        raise argparse.ArgumentTypeError(f"{text} is no port; choose one from 1024 to 65535")
    return port


def _count(text: str) -> int:
    count = _whole(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text} is too few; choose 1 or more")
    return count


def _days(text: str) -> int:
    days = _count(text)
    if days > _MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text} is too many; choose {_MOST_DAYS} or fewer")
    return days


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no whole number") from error
