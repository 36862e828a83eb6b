"""Every example runs as it stands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND, SOURCES

EXAMPLES = SOURCES / "examples"
A_SHORT_YEAR = {"CUSTOMERS": "8", "DAYS": "56", "STEP": "28"}
SCRIPTS = sorted(EXAMPLES.glob("*/run.sh"))
# How lines of an example begin without which it would not tell its story.
SHOWN = {
    "first-run": ["Done: 1 link, 1 take, 2 order", "Nothing to do"],
    "ispmanager-6": [
        "# A license on its own, 1: configure the integration",
        "# 2: import tariff plans",
        "$ cpbillmgr tariff edit 55227 --name 'Panel Lite' --price 1=5.00",
        "# 3: synchronize",
        "55227 repriced period 1 4.00 EUR 4.50 EUR",
        "1 month 5.00 EUR, costs 4.50 EUR, margin 10.0 %",
        "Done: 2 order, 1 in sync; cost 65.00 EUR",
        "cpbillmgr: error: tariff 55227 (Panel Lite) is disabled in our catalogue",
    ],
    "panel-in-parts": [
        "# Connect the license server, in the settings:",
        '# The resource "Control panel license", 1: create an enumeration',
        "# 2: add the resource to the tariff",
        "cpbillmgr: error: 'nopanel' asks for no license",
        "# 4. Compare with the tariff of the server",
        "Done: 1 order, 0 in sync; cost 40.00 EUR, balance 500.00 EUR",
        "Done: 1 take, 0 in sync; no cost.",
        "1 in the pool, 0 usable now, 30.57 EUR idle.",
        "Done: 1 renew, 1 in sync; cost 40.00 EUR, balance 460.00 EUR",
        "Done: 1 renew, 1 in sync; cost 4.00 EUR, balance 420.00 EUR, 416.00 EUR left.",
    ],
    "how-reselling-works": [
        "order failed 402 panel",
        "Done: 1 order, 0 in sync; cost 8.00 EUR, balance 50.00 EUR",
        "license 1: status: active -> suspended",
        "2 order 402 panel 203.0.113.42 8.00 EUR failed",
    ],
    "ssl-certificates": [
        "Done: 1 order, 0 in sync; cost 45.00 EUR, balance 200.00 EUR, 155.00 EUR left.",
        "Done: 1 fetch, 1 in sync; no cost.",
        "-rw------- ... fullchain.pem",
        "Done: 1 order, 1 in sync; cost 45.00 EUR, balance 155.00 EUR, 110.00 EUR left.",
        "2 shop.example GlobalSign DomainSSL active, issued 2029-01-02 501 ssl",
        "cpbillmgr: error: [[remote]] 2 has the url and user of [[remote]] 1",
        "cpbillmgr: error: tariff 55346 (Certificate for beginners) is disabled in our catalogue",
    ],
}


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A PATH on which the program is found, as after an installation."""
    (tmp_path / "cpbillmgr").write_text(f'#!/bin/sh\nexec {" ".join(COMMAND)} "$@"\n', encoding="utf-8")
    (tmp_path / "cpbillmgr").chmod(0o755)
    return os.pathsep.join([str(tmp_path), str(Path(sys.executable).parent), os.environ["PATH"]])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.parent.name)
def test_an_example_runs_to_its_end(script: Path, path: str, tmp_path: Path) -> None:
    result = subprocess.run(
        ["sh", str(script)],
        cwd=tmp_path,
        env={"PATH": path, "PYTHONPATH": str(SOURCES), "HOME": str(tmp_path), **A_SHORT_YEAR},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (result.returncode, "error" in result.stderr) == (0, False), result.stderr
    said = [" ".join(line.split()) for line in result.stdout.splitlines()]
    missing = [
        line for line in SHOWN.get(script.parent.name, []) if not any(each.startswith(line) for each in said)
    ]
    assert missing == []


def test_there_are_examples() -> None:
    assert {*SHOWN, "a-year"} <= {script.parent.name for script in SCRIPTS}
