"""An office to test in: settings, inventory and state in a folder, and a remote on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import chdir, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from cpbillmgr.cli.main import run
from cpbillmgr.model.operations import Operation
from cpbillmgr.model.operations import State as Stage
from cpbillmgr.model.where import Where
from cpbillmgr.runs.site import Site, open_sites, utc_now
from cpbillmgr.store.state import State
from tests.runs.worlds import PASSWORD, STRANGER, Fields


@dataclass(frozen=True)
class Result:
    """What one command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed for scripts."""
        return json.loads(self.out)

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """Action, service and outcome of each change that it reports."""
        return [(each["action"], each["service"], each["outcome"]) for each in self.json["changes"]]


class Office:
    """Where commands are typed: each is run in this process, over real HTTP, on a real state file."""

    def __init__(self, folder: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.settings = folder / "cpbillmgr.toml"
        self.state_file = folder / "state.db"
        self.url = url
        self.remote = "main"
        self.others: list[Office] = []
        self._tables: list[str] = []  # of the others, in the settings
        self._capsys = capsys
        self._lost: list[Operation] = []

    def run(self, *words: str) -> Result:
        """Run one command; whatever it prints, the password is not there."""
        self._capsys.readouterr()
        with chdir(self.folder):
            code = run(list(words))
        printed = self._capsys.readouterr()
        assert PASSWORD not in printed.out + printed.err
        return Result(code, printed.out, printed.err)

    def write(self, name: str, text: str) -> Path:
        """Write a file that others cannot change."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    def set_settings(self, more: str = "", **remote: Any) -> None:
        """Write the settings: keys of the remote, and whatever else shall stand before it."""
        keys = {
            "name": "main",
            "url": self.url,
            "user": "reseller",
            "password_file": str(self.folder / "password"),
            **remote,
        }
        self.write("cpbillmgr.toml", "\n".join(['state = "state.db"', more, _table(keys), *self._tables]))

    def add_remote(self, other: Office, name: str, **keys: Any) -> None:
        """Buy at the remote of another office, too, which has no books of its own from now on."""
        other.remote, other.state_file = name, self.state_file
        self.others.append(other)
        password = str(other.folder / "password")
        self._tables.append(
            _table({"name": name, "url": other.url, "user": "reseller", "password_file": password, **keys})
        )
        self.set_settings()

    def import_services(self, *services: Fields) -> None:
        """Take over these services from a file."""
        self.write("inventory.json", json.dumps({"services": services}))
        result = self.run("service", "import", "inventory.json")
        assert result.code == 0, result.err

    @property
    def world(self) -> Fields:
        """The remote's world as its file has it now."""
        found: Fields = json.loads((self.folder / "world.json").read_bytes())
        return found

    def edit_world(self, change: Callable[[Fields], object]) -> None:
        """Let somebody else change the remote's world."""
        world = self.world
        change(world)
        (self.folder / "world.json").write_text(json.dumps(world), encoding="utf-8")

    def name_of(self, id: str) -> str:
        """Return the name of a license of the remote."""
        return next(str(each["licname"]) for each in self.world["licenses"] if str(each["id"]) == id)

    def licenses(self, **wanted: Any) -> list[Fields]:
        """Return the remote's licenses whose fields are these."""
        return [
            each
            for each in self.world["licenses"]
            if all(each[name] == value for name, value in wanted.items())
        ]

    @property
    def links(self) -> dict[str, str]:
        """The license at this remote of each service that has one."""
        with self.state() as state:
            return {service: license for (service, _), license in state.links.all(self.remote).items()}

    @property
    def operations(self) -> list[Operation]:
        """The journal, oldest first."""
        with self.state() as state:
            return sorted(state.operations.all(), key=lambda operation: operation.id)

    @contextmanager
    def state(self) -> Iterator[State]:
        """Open the state to look into it."""
        with State.open(self.state_file, now=utc_now(), read_only=True) as state:
            yield state

    @contextmanager
    def site(self, command: str, *, minutes: float = 0) -> Iterator[Site]:
        """Open the site of a run whose clock is so many minutes ahead."""
        with self.sites(command, minutes=minutes) as sites:
            yield sites[0]

    @contextmanager
    def sites(self, command: str, *, minutes: float = 0) -> Iterator[list[Site]]:
        """Open the sites of a run at all remotes; as ``site``."""
        with open_sites(Where(self.settings), command, writes=True) as sites:
            yield [replace(site, now=lambda: utc_now() + timedelta(minutes=minutes)) for site in sites]

    def calls(self, func: str | None = None) -> list[Fields]:
        """Return the remote's calls since the last ``forget_calls``: all, or those of one function."""
        calls: list[Fields] = self.control("calls")
        return [call for call in calls if func in (None, call["func"])]

    @property
    def writes(self) -> list[Fields]:
        """The calls that asked for a change."""
        return [call for call in self.calls() if call["write"]]

    @property
    def orders(self) -> list[Fields]:
        """What was sent with each order."""
        return [call["params"] for call in self.writes if call["func"] == "soft.order.param"]

    def forget_calls(self) -> None:
        """Have the remote forget the calls so far."""
        self.control("calls/clear", {})

    def set_variant(self, **variants: Any) -> None:
        """Have the remote speak another dialect."""
        self.control("variants", variants)

    def fault(self, spec: str) -> None:
        """Have the remote do mischief."""
        self.control("faults", {"spec": spec})

    def control(self, name: str, form: Fields | None = None) -> Any:
        """Ask the remote's controls, which are no part of what it pretends to be."""
        with closing(HTTPConnection(urlsplit(self.url).netloc, timeout=10)) as connection:
            body, method = (None, "GET") if form is None else (urlencode(form), "POST")
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request(method, f"/_sandbox/{name}", body, headers)
            answer = connection.getresponse()
            text = answer.read()
        assert answer.status == 200, text
        return json.loads(text)

    def lose_state(self) -> None:
        """Lose the state file; only what its journal said is known to this test."""
        self._lost += self.operations
        self.state_file.unlink()

    def check_promises(self) -> None:
        """Check what holds whatever has happened (the invariants of an installation)."""
        self._check_secret()
        strangers = {str(each["id"]) for each in self.licenses() if each["licname"].startswith(STRANGER)}
        assert not strangers & {call["params"].get("elid") for call in self.writes}
        operations = [each for each in self._lost + self.operations if self._is_here(each)]
        done = [each.cost for each in operations if each.cost and each.state is Stage.DONE]
        paid = [cost.digits for cost in done if cost.amount]
        charged = [each["amount"] for each in self.world["charges"]]
        if not any(operation.state.is_open for operation in operations):
            assert sorted(paid) == sorted(charged), "the journal says something else than the remote"
        assert len(self._ordered_marks()) == len(set(self._ordered_marks())), "paid twice for one need"

    def _is_here(self, operation: Operation) -> bool:
        """Whether it is of this remote: the first one may have any name, each other one has its own."""
        if self.remote != "main":
            return operation.remote == self.remote
        return operation.remote not in {other.remote for other in self.others}

    def _ordered_marks(self) -> list[str]:
        return [each["remoteid"] for each in self.licenses() if each["remoteid"].startswith("cpb1-")]

    def _check_secret(self) -> None:
        """The password stands in its own file and in the pretend remote's, and in no URL."""
        holders = {path.name for path in self.folder.rglob("*") if path.is_file() and _has_secret(path)}
        assert holders <= {"password", "world.json"}
        assert not any("?" in call["url"] for call in self.calls())


def _table(keys: Fields) -> str:
    """Return a remote as the settings have it."""
    return "\n".join(["[[remote]]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items()), ""])


def _has_secret(path: Path) -> bool:
    spellings = (PASSWORD, urlencode({"": PASSWORD})[1:])
    content = path.read_bytes()
    return any(spelling.encode() in content for spelling in spellings)
