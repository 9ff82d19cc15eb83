"""The command line: what can be asked for, and how every failure becomes one sentence.

Exit codes: 0 done, 1 failed, 2 something given cannot be used, 3 a lesson with sections missing,
130 stopped by Ctrl-C. Commands import what they need only when they are asked for: the SDK and
Streamlit take a second or two to load, `--help` should not.
"""

# ruff: noqa: PLC0415 (the reason is above)

import logging
import os
import sys
import threading
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from io import TextIOWrapper

from lessongen.commands.arguments import parser
from lessongen.commands.logs import log_file, log_to
from lessongen.errors import LessonGenError, RequestError, SettingsError
from lessongen.settings import Settings, read_settings

DONE, FAILED, UNUSABLE, SECTIONS_MISSING, INTERRUPTED = 0, 1, 2, 3, 130
_EMULATOR_PORT = 8601
_LOG = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    known = parser()
    arguments = known.parse_args(argv)
    if arguments.command is None:
        known.print_help()
        return UNUSABLE
    try:
        return _told(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has left: Python must not try to write the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _told(arguments: Namespace) -> int:
    """Run a command; what goes wrong is one sentence here, and a trace only in the log."""
    if arguments.command == "doctor":  # of use where the settings are not
        return _doctor()
    try:
        settings = read_settings(os.environ)
        log_to(log_file(settings), settings.api_key, console=arguments.command == "run")
    except LessonGenError as error:
        return _refused(error, UNUSABLE)
    try:
        return COMMANDS[arguments.command](arguments, settings)
    except (RequestError, SettingsError) as error:
        return _refused(error, UNUSABLE)
    except LessonGenError as error:
        return _refused(error, FAILED)
    except BrokenPipeError:
        raise
    except Exception:  # noqa: BLE001 - the outermost border: its trace goes to the log
        _LOG.exception("The command %s failed", arguments.command)
        print(
            f"Something went wrong inside LessonGen; {log_file(settings)} says what.",
            file=sys.stderr,
        )
        return FAILED


def _refused(error: LessonGenError, code: int) -> int:
    print(" ".join(str(error).split()), file=sys.stderr)
    return code


def _run(arguments: Namespace, settings: Settings) -> int:
    from lessongen.commands.serving import serve

    serve(settings, arguments.host, arguments.port, browser=arguments.open)
    return DONE


def _generate(arguments: Namespace, settings: Settings) -> int:
    from lessongen.commands.order import Order, text_in
    from lessongen.lesson.request import lesson_request, require_followable

    request = lesson_request(
        topic=arguments.topic,
        level=arguments.level.strip().upper(),
        minutes=arguments.minutes,
        notes=arguments.notes,
        variant=arguments.variant,
        first_language=arguments.first_language,
        age_group=arguments.age_group,
        grammar=arguments.grammar,
        own_words=arguments.words,
        known_words=arguments.known_words,
        own_text=text_in(arguments.text) if arguments.text else "",
    )
    require_followable(request, sample=settings.sample_mode)
    order = Order(request, arguments.mode, arguments.out, arguments.copy, arguments.report)

    # What was typed wrong is told by now, at once.
    from rich.console import Console

    from lessongen.commands.delivery import delivered

    delivery = delivered(order, settings, Console())
    print("\n".join(delivery.sentences))
    return SECTIONS_MISSING if delivery.missing else DONE


def _emulator(arguments: Namespace, settings: Settings) -> int:
    from lessongen.commands.serving import free_port
    from lessongen.emulator.config import EmulatorConfig
    from lessongen.emulator.faults import parse_rule
    from lessongen.emulator.limits import parse_limit
    from lessongen.emulator.server import running_emulator
    from lessongen.lesson.samples import load_samples

    config = EmulatorConfig(
        load_samples(settings.data / "samples"),
        faults=tuple(parse_rule(rule) for rule in arguments.fault),
        limits=tuple(parse_limit(limit) for limit in arguments.limit),
        speed=arguments.speed,
        seed=arguments.seed,
        accepted_key=arguments.key,
    )
    port = free_port("127.0.0.1", arguments.port, _EMULATOR_PORT)
    with suppress(KeyboardInterrupt), running_emulator(config, port) as emulator:
        key = "(the one given with --key)" if arguments.key else "emulator"
        print(f"The emulator is ready: {emulator.url}", "To use it, set:", sep="\n")
        print(f"  LESSONGEN_GEMINI_BASE_URL={emulator.url}", f"  GEMINI_API_KEY={key}", sep="\n")
        sys.stdout.flush()
        threading.Event().wait()
    return DONE


def _report(arguments: Namespace, settings: Settings) -> int:
    from lessongen.commands.figures import written_report

    sample = settings.sample_mode if arguments.samples is None else arguments.samples
    today = datetime.now(UTC).date()
    out, days = arguments.out, arguments.days
    print(written_report(out, days, today, settings.database, sample=sample))
    return DONE


def _bench(arguments: Namespace, settings: Settings) -> int:
    from lessongen.commands.order import require_writable

    if arguments.json:
        require_writable(arguments.json)

    from rich.console import Console

    from lessongen.benchmark.suite import Plan, measured

    plan = Plan.quick() if arguments.quick else Plan(lessons=arguments.lessons)
    if arguments.rows:
        plan = replace(plan, rows=arguments.rows)
    console = Console()
    with console.status("Measuring, please leave this computer alone …"):
        result = measured(plan, settings, [arguments.name] if arguments.name else ())
    if arguments.json:
        arguments.json.write_text(result.as_json(), encoding="utf-8")
    result.show(console)
    return DONE


def _doctor() -> int:
    from lessongen.doctor import diagnosed

    findings = diagnosed(os.environ, datetime.now(UTC).date())
    for finding in findings:
        print("ok " if finding.ok else "FIX", finding.sentence)
    return DONE if all(finding.ok for finding in findings) else FAILED


COMMANDS: dict[str, Callable[[Namespace, Settings], int]] = {
    "run": _run,
    "generate": _generate,
    "emulator": _emulator,
    "report": _report,
    "bench": _bench,
}

if __name__ == "__main__":
    sys.exit(main())
