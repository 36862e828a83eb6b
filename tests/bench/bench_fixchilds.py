"""What the main job costs where there is nothing to do, which is how it is nearly always run.

Run it as ``python -m tests.bench.bench_fixchilds [SERVICES ...]``. The sandbox serves in a process of its
own, so that of all its costs only the wait for its answers counts. The goals are less than 1 s for 10,000
services, and less than 6 s and 250 MiB for 100,000.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.processes import ROOT, Run, measured
from tests.bench.scene import PASSWORD, REMOTE, USER

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 3
CPBILLMGR = (sys.executable, "-m", "cpbillmgr")


@contextmanager
def served(world: Path) -> Iterator[str]:
    """Yield the URL of a sandbox that serves this world in another process for as long as the block lasts."""
    command = [*CPBILLMGR, "sandbox", "serve", "--json", "--world", str(world)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, cwd=ROOT, text=True) as process:
        try:
            login = process.stdout.readline() if process.stdout else ""
            yield json.loads(login)["url"]
        finally:
            process.terminate()


def fixchilds(folder: Path, url: str, size: int) -> Run:
    """Run ``fixchilds`` as a script does. Raises ``ValueError`` unless all services are in sync."""
    settings = folder / "cpbillmgr.toml"
    lines = (f'state = "{folder}/state.db"', "[[remote]]", f'name = "{REMOTE}"', f'url = "{url}"')
    settings.write_text("\n".join((*lines, f'user = "{USER}"', "")), encoding="utf-8")
    command = [*CPBILLMGR, "fixchilds", "--json", "--settings", str(settings)]
    run = measured(command, {"CPBILLMGR_PASSWORD": PASSWORD})
    if json.loads(run.output)["totals"]["in_sync"] != size:
        raise ValueError(f"not in sync: {run.output}")
    return run


def best(size: int) -> Run:
    """Return the quickest of some runs on a site of so many services; one before them only warms up."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([sys.executable, "-m", "tests.bench.scene", name, str(size)], check=True, cwd=ROOT)
        with served(folder / "world.json") as url:
            runs = [fixchilds(folder, url, size) for _ in range(ROUNDS + 1)]
    return min(runs[1:], key=lambda run: run.seconds)


def main(arguments: list[str]) -> None:
    """Print a table: services, wall time of the quickest run, its peak of resident memory."""
    sys.stdout.write(f"{'services':>10} {'seconds':>8} {'peak MiB':>9}\n")
    for size in map(int, arguments) if arguments else SIZES:
        run = best(size)
        sys.stdout.write(f"{size:>10,} {run.seconds:>8.2f} {run.peak:>9.0f}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
