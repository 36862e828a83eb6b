"""What cron starts every five minutes: ``checkevent`` where nothing has happened, and where a little has.

Run it as ``python -m tests.bench.bench_checkevent [ROUNDS [SIZE]]``. The floor is a bare script that imports
what any such tool needs and asks the same sandbox, which serves in a process of its own, the same question.
The goals are less than 1.5 times the floor where nothing has happened, and less than 1.5 s for 10,000
licenses of which 1 % have changed.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench.bench_fixchilds import CPBILLMGR, served
from tests.bench.processes import ROOT, Run, measured
from tests.bench.scene import PASSWORD, REMOTE, USER

ROUNDS, SIZE, IDLE_SIZE = 15, 10_000, 50
FLOOR = """
import sqlite3, sys, tomllib
import click, httpx
url, user, password = sys.argv[1:]
form = {"authinfo": f"{user}:{password}", "out": "xml", "lang": "en", "func": "soft", "p_cnt": "1000"}
with httpx.Client(verify=False, trust_env=False) as client:
    client.post(url, data=form).raise_for_status()
"""


def checkevent(folder: Path, url: str, *, errors: int | None = None) -> Run:
    """Run ``checkevent`` as cron does."""
    settings = folder / "cpbillmgr.toml"
    lines = (f'state = "{folder}/state.db"', "[[remote]]", f'name = "{REMOTE}"', f'url = "{url}"')
    settings.write_text("\n".join((*lines, f'user = "{USER}"', "")), encoding="utf-8")
    command = [*CPBILLMGR, "checkevent", "--settings", str(settings)]
    return measured(command, {"CPBILLMGR_PASSWORD": PASSWORD}, errors=errors)


def idle(rounds: int) -> tuple[list[Run], list[Run]]:
    """Return runs of the floor, and of a ``checkevent`` that finds nothing changed.

    They take turns, so that a busy moment of the machine meets both; the first turn warms up.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_scene(folder, IDLE_SIZE)
        with served(folder / "world.json") as url:
            floor = [sys.executable, "-c", FLOOR, url, USER, PASSWORD]
            turns = [(measured(floor), checkevent(folder, url)) for _ in range(rounds + 1)][1:]
    require_silence(ours for _, ours in turns)
    return [bare for bare, _ in turns], [ours for _, ours in turns]


def changed(rounds: int, size: int) -> list[Run]:
    """Return runs of a ``checkevent`` that finds 1 % of so many licenses changed; the first warms up."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_scene(folder, size)
        with served(folder / "world.json") as url:
            checkevent(folder, url)
            shutil.copy(folder / "state.db", folder / "before.db")
            change_some(folder / "world.json")
            runs = []
            for _ in range(rounds + 1):
                shutil.copy(folder / "before.db", folder / "state.db")
                runs.append(checkevent(folder, url, errors=subprocess.DEVNULL))
    return runs[1:]


def write_scene(folder: Path, size: int) -> None:
    """Write a world and a state that are in accord; nothing of it is due."""
    subprocess.run([sys.executable, "-m", "tests.bench.scene", str(folder), str(size)], check=True, cwd=ROOT)


def change_some(file: Path) -> None:
    """Let somebody rename every hundredth license."""
    world = json.loads(file.read_bytes())
    for license in world["licenses"][::100]:
        license["licname"] += ", panel"
    file.write_text(json.dumps(world), encoding="utf-8")


def require_silence(runs: Iterable[Run]) -> None:
    """Raise ``ValueError`` when one of these runs had something to say."""
    told = [run.output for run in runs if run.output]
    if told:
        raise ValueError(f"something has happened: {told[0]}")


def main(arguments: list[str]) -> None:
    """Print a table: what ran, its median wall time, how many times the floor that is, its processor time."""
    rounds, size = [*map(int, arguments), *(ROUNDS, SIZE)[len(arguments) :]]
    floor, nothing = idle(rounds)
    measure = median(run.seconds for run in floor)
    sys.stdout.write(f"{'run':<34} {'median ms':>10} {'ratio':>6} {'cpu ms':>8}\n")
    for name, runs in (
        ("floor", floor),
        ("checkevent, nothing changed", nothing),
        (f"checkevent, 1 % of {size:,} changed", changed(rounds, size)),
    ):
        wall, cpu = median(run.seconds for run in runs), median(run.cpu for run in runs)
        sys.stdout.write(f"{name:<34} {wall * 1000:>10.1f} {wall / measure:>6.2f} {cpu * 1000:>8.1f}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
