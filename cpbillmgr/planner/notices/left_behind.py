"""Left behind: what we have at remotes that the settings do not name any more."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from cpbillmgr.model.notices import Hook, Level, Notice


def left_behind(
    known: Collection[str], licenses: Mapping[str, int], operations: Mapping[str, int]
) -> list[Notice]:
    """Return an alarm for each remote that the settings lack, and that has something of ours.

    ``licenses`` and ``operations`` count, by remote, what is linked and what is open there. No run looks at
    such a remote, so its licenses lapse, and its doubts stay: their services get no other license meanwhile.
    """
    return [
        Notice(f"left {remote}", Level.ALARM, _told(remote, licenses, operations), Hook.FAILED)
        for remote in sorted((licenses.keys() | operations.keys()) - set(known))
    ]


def _told(remote: str, licenses: Mapping[str, int], operations: Mapping[str, int]) -> str:
    counted = (
        ("licenses that nobody renews", licenses),
        ("open operations that nobody settles", operations),
    )
    had = ", ".join(f"{what}: {numbers[remote]}" for what, numbers in counted if remote in numbers)
    way_out = f"'cpbillmgr license unlink ID --remote {remote}' gives a license up"
    return (
        f"remote {remote}, which the settings do not have, has of ours {had}; name it as before, or {way_out}"
    )
