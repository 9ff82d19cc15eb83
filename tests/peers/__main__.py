"""The command: `python -m tests.peers`, with or without the interpreter that has the peers."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from lessongen.benchmark.suite import machine
from tests.peers.bench import BARE, OURS, PEERS, Compared, Sizes, compared

_ABOUT = (
    "Compare the work of LessonGen for a call with that of Google's SDK and of other libraries."
)


def main() -> None:
    """Measure, print a table, and write the figures."""
    arguments = _parser().parse_args()
    pythons = {stack: Path(sys.executable) for stack in (OURS, BARE)}
    if arguments.peers_python:
        peers_python = Path(arguments.peers_python).absolute()
        pythons |= dict.fromkeys(PEERS, peers_python)
    console = Console()
    with console.status("Measuring, please leave this computer alone …"):
        result = compared(pythons, Sizes())
    if arguments.json:
        arguments.json.write_text(as_json(result), encoding="utf-8")
    _show(result, console)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.peers", description=_ABOUT)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    parser.add_argument(
        "--peers-python", type=Path, metavar="FILE", help="the interpreter that has the peers"
    )
    return parser


def as_json(result: Compared) -> str:
    """Return the figures by name, with their targets and the machine."""
    figures = result.figures()
    targets = {
        figure.name: {**asdict(figure.target), "met": figure.target.met_by(figure.value)}
        for figure in figures
        if figure.target
    }
    values = {figure.name: round(figure.value, 4) for figure in figures}
    return json.dumps({**values, "targets": targets, "machine": machine()}, indent=2) + "\n"


def _show(result: Compared, console: Console) -> None:
    table = Table("Figure", "Value", "Target", "What it is")
    for figure in result.figures():
        target = f"{figure.target.direction} {figure.target.bound:g}" if figure.target else ""
        table.add_row(figure.name, f"{figure.value:.2f}", target, figure.meaning)
    console.print(table)
    console.print(", ".join(f"{name} {value}" for name, value in machine().items()))


if __name__ == "__main__":
    main()
