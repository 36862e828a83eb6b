"""Fresh processes, measured from outside: what an operator waits for, and what the machine must have free."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[2]  # processes start here, so that ``python -m`` finds this program


@dataclass(frozen=True, slots=True)
class Run:
    """One process from start to end: what it took, and what it printed.

    Wall time and time of the processor are in seconds, the peak of resident memory in MiB.
    """

    seconds: float
    cpu: float
    peak: float
    output: str


def measured(
    command: Sequence[str], environment: Mapping[str, str] | None = None, *, errors: int | None = None
) -> Run:
    """Run a command, with these variables besides our own; ``CalledProcessError`` unless it exits with 0.

    ``errors`` is where its standard error goes, as ``subprocess`` has it.
    Linux counts the peak in KiB, and never less than what the process that starts the command has in use.
    """
    with tempfile.TemporaryFile("w+") as output:
        start = perf_counter()
        process = subprocess.Popen(
            command, stdout=output, stderr=errors, cwd=ROOT, env=os.environ | (environment or {})
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, printed)
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, printed)
