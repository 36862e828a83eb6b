"""The controls, on a path of their own: the calls so far, the world, its clock and variants, mischief."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace
from datetime import datetime
from typing import Any

from cpbillmgr.sandbox.approval import approve
from cpbillmgr.sandbox.faults import Faults
from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.world.certificates import FAILED, ISSUED
from cpbillmgr.sandbox.world.clock import set_clock
from cpbillmgr.sandbox.world.file import WorldFile
from cpbillmgr.sandbox.world.lines import render
from cpbillmgr.sandbox.world.nouns import World
from cpbillmgr.sandbox.world.parsing import mistake
from cpbillmgr.sandbox.world.variants import variant

PATH = "/_sandbox/"


class Log:
    """The calls since the start, without login data."""

    def __init__(self) -> None:
        self._calls: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def add(self, call: Call, url: str, *, writes: bool) -> None:
        """Write down one call with the address it was sent to (path and query as they came)."""
        entry = {"func": call.func, "params": call.public, "write": writes, "url": url}
        with self._lock:
            self._calls.append(entry)

    def calls(self) -> list[dict[str, Any]]:
        """Return all calls, oldest first."""
        with self._lock:
            return list(self._calls)

    def clear(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._calls.clear()


class Control:
    """The controls of one server."""

    def __init__(self, file: WorldFile, faults: Faults, log: Log) -> None:
        self._file, self._faults, self._log = file, faults, log

    def handle(self, method: str, name: str, form: dict[str, str]) -> str:
        """Return the JSON answer.

        Raises ValueError in one clear line for a wrong value, LookupError for a control that is not there.

        ==================  =======================================  ==================
        control             form                                     answer
        ==================  =======================================  ==================
        GET calls           none                                     list of calls
        POST calls/clear    none                                     empty object
        GET world           none                                     the world
        POST clock          ``at=TIME`` or ``days=N``                the clock
        POST faults         ``spec=KIND[:FUNC[!][:COUNT]]``          empty object
        POST faults/clear   none                                     empty object
        POST approve        ``id=N``, to refuse it ``refuse=on``     service_status
        POST variants       ``NAME=VALUE``, one or more              empty object
        ==================  =======================================  ==================
        """
        match method, name:
            case "GET", "calls":
                return json.dumps(self._log.calls())
            case "GET", "world":
                return render(self._file.read())
            case "POST", "calls/clear":
                self._log.clear()
            case "POST", "clock":
                return json.dumps({"clock": self._set_clock(form).isoformat()})
            case "POST", "faults":
                self._faults.add(form.get("spec", ""))
            case "POST", "faults/clear":
                self._faults.clear()
            case "POST", "approve":
                return json.dumps({"service_status": self._approve(form)})
            case "POST", "variants":
                self._set_variants(form)
            case _:
                raise LookupError(f"there is no control {method} {PATH}{name}")
        return "{}"

    def _set_clock(self, form: dict[str, str]) -> datetime:
        if "at" in form:
            return set_clock(self._file, at=form["at"])
        if re.fullmatch("-?[0-9]{1,5}", form.get("days", "")):
            return set_clock(self._file, days=int(form["days"]))
        raise mistake("clock needs at=TIME or days=NUMBER")

    def _approve(self, form: dict[str, str]) -> int:
        if not re.fullmatch("[0-9]{1,18}", form.get("id", "")):
            raise mistake("approve needs id=NUMBER")
        refuse = form.get("refuse") == "on"
        approve(self._file, int(form["id"]), refuse=refuse)
        return FAILED if refuse else ISSUED

    def _set_variants(self, form: dict[str, str]) -> None:
        values: dict[str, Any] = {name: variant(name, value) for name, value in form.items()}

        def choose(world: World) -> None:
            world.variants = replace(world.variants, **values)

        self._file.change(choose)
