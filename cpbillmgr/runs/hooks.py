"""Hooks: the operator's commands are told what happened, and can break nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import IO, Any

from cpbillmgr.model.events import Event
from cpbillmgr.model.notices import Hook, Notice
from cpbillmgr.model.secret import hidden
from cpbillmgr.runs.site import Site
from cpbillmgr.store.events.deliveries import Delivery

TRY_LATER = 75  # a hook's exit code: the same call again at the next run
WAITS_AT_MOST = timedelta(days=7)  # what a hook has put off for so long is dropped
_LONGEST_WORD = 200  # characters of a hook's own complaint that are shown
# All that a hook gets of our environment: nothing of it can hold a secret of ours.
_HANDED_ON = ("PATH", "HOME", "LANG", "TZ")


def body_of(
    hook: Hook, remote: str, department: str | None, at: datetime, told: Sequence[Event] | Sequence[Notice]
) -> str:
    """Return what a hook is told: JSON, with everything of one run and stars for secrets."""
    what = "events" if hook is Hook.CHANGED else "notices"
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    shown = {"schema": "cpbillmgr/hook/1", "hook": hook, "remote": remote, "department": department}
    return json.dumps({**shown, "at": moment, what: [_told(each) for each in told]})


def calls_for(
    site: Site, hook: Hook, remote: str, told: Sequence[Event] | Sequence[Notice]
) -> list[tuple[Hook, str]]:
    """Return the call of a hook that tells all of this, none where there is nothing to tell or no command."""
    if not told or site.wishes.settings.hooks.command(hook) is None:
        return []
    return [(hook, body_of(hook, remote, site.wishes.remote.department, site.now(), told))]


def deliver(site: Site) -> list[str]:
    """Make the calls that wait, the oldest first; return a warning for each that went wrong.

    ==========================================  ==========================================
    the hook                                    the call
    ==========================================  ==========================================
    has no command any more                     is dropped
    ends with 0                                 is done
    ends with 75                                waits for the next run, for 7 days at most,
                                                and the later ones of this hook with it
    ends with another code, or by a signal      is done, with a warning
    does not end in time                        is ended with its children, with a warning
    cannot be run                               is dropped, with a warning
    ==========================================  ==========================================

    After a call that went wrong the later ones of this hook wait for the next run: a hook that hangs does not
    hold up a run for each of them.
    """
    warnings: list[str] = []
    put_off: set[Hook] = set()
    for delivery in site.state.deliveries.waiting():
        if delivery.hook in put_off:
            continue
        warning = _call(site, delivery)
        if warning is None:
            put_off.add(delivery.hook)
            continue
        site.state.deliveries.done(delivery.id)
        warnings += [warning] if warning else []
        if warning:
            put_off.add(delivery.hook)
    return warnings


def _call(site: Site, delivery: Delivery) -> str | None:
    """Make one call; return what went wrong, nothing if all went well, ``None`` if it is to be made later."""
    settings = site.wishes.settings.hooks
    command = settings.command(delivery.hook)
    if command is None:
        return ""
    what = f"the hook '{delivery.hook}' ({command[0]})"
    try:
        code, complaint = _run(command, delivery, settings.timeout)
    except OSError as error:
        return f"{what} cannot be run: {error.strerror}"
    if code is None:
        return f"{what} did not end within {settings.timeout:g} seconds, and was ended"
    if code == TRY_LATER:
        late = site.now() - delivery.at > WAITS_AT_MOST
        return f"{what} has put off a call for 7 days, which is dropped" if late else None
    ended = f"ended with code {code}" if code > 0 else f"was ended by signal {-code}"
    said = f": {complaint}" if complaint else ""
    return f"{what} {ended}{said}" if code else ""


def _run(command: tuple[str, ...], delivery: Delivery, seconds: float) -> tuple[int | None, str]:
    """Return the exit code of a hook, ``None`` if it did not end in time, and its last word on stderr."""
    import signal
    import subprocess
    import tempfile

    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as complaints:
        told.write(delivery.body.encode())
        told.seek(0)
        process = subprocess.Popen(  # noqa: S603 - the operator's own command, a list of words without a shell
            command,
            stdin=told,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            cwd="/",
            env=_environment(delivery),
            start_new_session=True,
        )
        try:
            return process.wait(seconds), _last_word(complaints)
        except subprocess.TimeoutExpired:
            return None, ""
        finally:
            if process.returncode is None:
                with suppress(PermissionError):  # it has become somebody else, who may not be ended
                    os.killpg(process.pid, signal.SIGKILL)  # its children too, which are of its group
                    process.wait()


def _environment(delivery: Delivery) -> dict[str, str]:
    kept = {name: os.environ[name] for name in os.environ if name in _HANDED_ON or name.startswith("LC_")}
    told = json.loads(delivery.body)
    kept |= {"CPBILLMGR_HOOK": delivery.hook.value, "CPBILLMGR_REMOTE": told["remote"]}
    department: str | None = told.get("department")
    return {**kept, "CPBILLMGR_DEPARTMENT": department} if department else kept


def _last_word(complaints: IO[bytes]) -> str:
    complaints.seek(0, os.SEEK_END)
    complaints.seek(max(0, complaints.tell() - 4 * _LONGEST_WORD))
    lines = complaints.read().decode(errors="replace").split("\n")
    return next((hidden(line)[:_LONGEST_WORD] for line in reversed(lines) if line.strip()), "")


def _told(each: Event | Notice) -> Mapping[str, Any]:
    if isinstance(each, Notice):
        return {"topic": hidden(each.topic), "level": each.level.name.lower(), "text": hidden(each.text)}
    return {
        "license": each.license,
        "kind": each.kind.value,
        "before": hidden(each.before),
        "after": hidden(each.after),
        "operation": each.operation,
    }
