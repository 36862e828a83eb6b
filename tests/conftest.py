"""An office with a remote, for tests of whole flows and of the command line; how long to look for faults."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import disk_usage
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from cpbillmgr.sandbox import Sandbox
from tests.runs.office import Office
from tests.runs.worlds import PASSWORD, Fields, world
from tests.tally import NAME, Tally

OpenOffice = Callable[..., Office]
OpenOffices = Callable[..., tuple[Office, Office]]

# HYPOTHESIS_PROFILE=nightly looks fifty times as long as an ordinary run. That a machine is busy is no fault.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ordinary", PATIENT)
settings.register_profile("nightly", PATIENT, max_examples=50 * PATIENT.max_examples)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ordinary"))


# Where there is memory for it, files live there: what a test has synced to a disk nobody needs tomorrow.
MEMORY, ENOUGH = Path("/dev/shm"), 4 * 1024**3  # noqa: S108 - pytest makes folders of its own in it
if os.access(MEMORY, os.W_OK) and disk_usage(MEMORY).free > ENOUGH:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_configure(config: pytest.Config) -> None:
    # A shell has what it starts in the background ignore an interrupt, and so would every process of a test.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.pluginmanager.register(Tally(), NAME)


@pytest.fixture
def clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing of this machine's user in; settings are those of the folder that one works in."""
    for name in [*os.environ]:
        if name.startswith(("CPBILLMGR_", "XDG_", "CREDENTIALS_")) or name == "NO_COLOR":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("CPBILLMGR_SETTINGS", "cpbillmgr.toml")


@pytest.fixture
def open_office(
    tmp_path: Path,
    clean_environment: None,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[OpenOffice]:
    """Open an office: ``open_office(services=[...], licenses=[...], balance="5.00", status="orig")``.

    What is not named here is a variant of the remote. Its promises are checked when the test is over.
    """
    with ExitStack() as stack:
        opened: list[Office] = []

        def open_one(
            services: list[Fields] | None = None,
            conf: str = "",
            more: str = "",
            generation: int = 6,
            **facts: Any,
        ) -> Office:
            folder = tmp_path / f"office{len(opened)}"
            folder.mkdir()
            (folder / "world.json").write_text(
                json.dumps(world(generation=generation, **facts)), encoding="utf-8"
            )
            sandbox = stack.enter_context(Sandbox(folder / "world.json"))
            office = Office(folder, sandbox.url, capsys)
            office.write("password", f"{PASSWORD}\n")
            office.write("cpbillmgr.conf" if generation == 4 else "cpbillmgr5.conf", conf)
            office.set_settings(more, generation=generation)
            office.import_services(*(services or []))
            opened.append(office)
            return office

        yield open_one
        for office in opened:
            office.check_promises()


@pytest.fixture
def open_offices(open_office: OpenOffice) -> OpenOffices:
    """Open an office that buys at two remotes: at ``main`` first, then at ``away``; each has directives."""

    def open_both(
        services: list[Fields], main: Fields | None = None, away: Fields | None = None, **keys: Any
    ) -> tuple[Office, Office]:
        office = open_office(services=services, **(main or {}))
        other = open_office(next_id=8000, **(away or {}))
        old = (away or {}).get("generation") == 4
        conf = str(other.folder / ("cpbillmgr.conf" if old else "cpbillmgr5.conf"))
        office.add_remote(other, "away", sort=200, generation=4 if old else 6, conf=conf, **keys)
        return office, other

    return open_both
