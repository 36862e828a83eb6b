"""Events: what two looks at a remote, compared, show to have changed (wire-api.md 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from cpbillmgr.model.events import Differences, Event, EventKind
from cpbillmgr.model.licenses import License
from cpbillmgr.model.mark import Mark
from cpbillmgr.model.plan import Action
from cpbillmgr.model.services import Status

_RENEWAL = {True: "on", False: "off", None: None}

# What is compared, and how it is told. ``None`` is a fact that this look did not show: it says nothing.
_COMPARED: dict[EventKind, Callable[[License], str | None]] = {
    EventKind.STATUS: lambda license: license.status.value,
    EventKind.EXPIRES: lambda license: None if is_new(license) else str(license.expires or "never"),
    EventKind.IP: lambda license: license.ip,
    EventKind.NAME: lambda license: license.name,
    EventKind.TARIFF: lambda license: None if license.tariff is None else str(license.tariff),
    EventKind.KEY: lambda license: None if license.key_changed is None else str(license.key_changed),
    EventKind.REMOTEID: lambda license: license.remoteid,
    EventKind.AUTOPROLONG: lambda license: _RENEWAL[license.renews_itself],
    EventKind.ISSUE: lambda license: license.issue,
}


# What never stops a license, so that somebody else has, who did it at the same time.
_NOT_STOPPING = frozenset(Action) - {Action.TAKE, Action.SUSPEND, Action.RELEASE, Action.DELETE}


def events_of(found: Differences, at: datetime, operations: Mapping[str, tuple[int, Action]]) -> list[Event]:
    """Return the events that differences are.

    ``operations`` are, by license, those of ours that may explain a change of it, each with what it does. An
    order or a renewal, though, does not explain that a license was suspended.

    ==============================  ==========================================
    the license                     events
    ==============================  ==========================================
    is in this list alone           appeared
    is in the last look alone       vanished
    is in both                      one for each fact that both show otherwise
    ==============================  ==========================================
    """
    appeared = [(EventKind.APPEARED, each, "", each.name) for each in found.appeared]
    changed = [
        (kind, now, before, after)
        for then, now in found.changed
        for kind, tell in _COMPARED.items()
        if (before := tell(then)) is not None and (after := tell(now)) is not None and before != after
    ]
    vanished = [(EventKind.VANISHED, each, each.name, "") for each in found.vanished]
    return [
        Event(
            license.remote, license.id, kind, before, after, at, _of(operations.get(license.id), kind, after)
        )
        for kind, license, before, after in (*appeared, *changed, *vanished)
    ]


def _of(operation: tuple[int, Action] | None, kind: EventKind, after: str) -> int | None:
    """Return the number of an operation if it explains this change."""
    if operation is None:
        return None
    number, action = operation
    is_stopped = kind is EventKind.STATUS and after == Status.SUSPENDED
    return None if is_stopped and action in _NOT_STOPPING else number


def second_tools(found: Differences, installation: str, marks: Collection[str]) -> tuple[str, ...]:
    """Return a warning for each new license that another cpbillmgr has put its mark on.

    ``marks`` are the remote ids that our own journal knows. Two systems on one account take each other's
    licenses (semantics.md 5).
    """
    marked = ((each, mark) for each in found.appeared if (mark := Mark.read(each.remoteid)) is not None)
    return tuple(
        f"license {license.id} was marked by {_who(mark, installation)}: two systems work on this account"
        for license, mark in marked
        if license.remoteid not in marks
    )


def other_systems(licenses: Iterable[License], installation: str) -> tuple[str, ...]:
    """Return a warning for each other installation whose mark licenses of the account carry."""
    marks = (mark.installation for each in licenses if (mark := Mark.read(each.remoteid)) is not None)
    others = Counter(marks)
    del others[installation]
    return tuple(
        f"licenses of the installation '{other}' are on this account: {count}; two systems work on it"
        for other, count in sorted(others.items())
    )


def _who(mark: Mark, installation: str) -> str:
    if mark.installation != installation:
        return f"the installation '{mark.installation}'"
    return "a cpbillmgr of our name with another state"


def is_new(license: License) -> bool:
    """Return whether no list has shown yet when a license ends: we have just bought it."""
    return license.expires is None and license.status is Status.PROCESSING


def is_by_somebody_else(event: Event, then: License, at: datetime) -> bool:
    """Return whether a change of a license that is ours was made by neither us nor time.

    ==========================================  ==================================
    the change                                  made by
    ==========================================  ==================================
    an operation of ours explains it            us
    a license that is new, or a new key         whoever: it takes nothing from us
    a certificate that has come further         whoever issues it
    of the status, from ordered or processing   the remote's module
    of the status, on or after the last day     time: it has ended
    of the remote's own renewal, which is off   us, or rightly
    it is gone after it was deleted             the remote: so it forgets them
    anything else                               somebody else
    ==========================================  ==================================
    """
    if event.operation is not None or event.kind in (EventKind.APPEARED, EventKind.KEY, EventKind.ISSUE):
        return False
    if event.kind is EventKind.AUTOPROLONG:
        return event.after == _RENEWAL[True]
    if event.kind is EventKind.STATUS:
        ended = then.expires is not None and then.expires <= at.date()
        return not ended and event.before not in (Status.ORDERED, Status.PROCESSING)
    return not (event.kind is EventKind.VANISHED and then.status is Status.DELETED)
