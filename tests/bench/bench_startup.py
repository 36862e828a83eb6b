"""How long the command takes to start, beside ``import click``, without which there is no command line.

Run it as ``python -m tests.bench.bench_startup [ROUNDS]``. The installed script is measured too, if there is
one beside the interpreter. The goal is less than 1.5 times ``import click``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median

from tests.bench.processes import measured

ROUNDS = 15


def commands() -> dict[str, list[str]]:
    """Return what is compared, by name; the first one is the measure."""
    script = Path(sys.executable).with_name("cpbillmgr")
    compared = {
        "import click": [sys.executable, "-c", "import click"],
        "python -m cpbillmgr --version": [sys.executable, "-m", "cpbillmgr", "--version"],
        "cpbillmgr --version": [str(script), "--version"],
    }
    return {name: command for name, command in compared.items() if Path(command[0]).exists()}


def medians(rounds: int) -> dict[str, float]:
    """Return the median wall time of each command in seconds.

    The commands take turns, so that a busy moment of the machine meets them all; the first turn warms up.
    """
    turns = [
        {name: measured(command).seconds for name, command in commands().items()} for _ in range(rounds + 1)
    ]
    return {name: median(turn[name] for turn in turns[1:]) for name in turns[0]}


def main(arguments: list[str]) -> None:
    """Print a table: command, median wall time, how many times ``import click`` that is."""
    found = medians(int(arguments[0]) if arguments else ROUNDS)
    click = found["import click"]
    sys.stdout.write(f"{'command':<30} {'median ms':>10} {'ratio':>6}\n")
    for name, seconds in found.items():
        sys.stdout.write(f"{name:<30} {seconds * 1000:>10.1f} {seconds / click:>6.2f}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
