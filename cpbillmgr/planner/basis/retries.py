"""Retries: how often something that is wanted was refused, and when it is worth another call."""

from __future__ import annotations

from datetime import datetime, timedelta

from cpbillmgr.errors import AccessDenied, LimitRefused, RuleRefused
from cpbillmgr.model.operations import Tries

MOST_TRIES = 10  # then a person has to look (semantics.md 3.5)
SLOWLY = timedelta(days=1)
# Refusals that the next minute does not change.
_STANDING = (AccessDenied.kind, LimitRefused.kind, RuleRefused.kind)


def are_used_up(tries: Tries) -> bool:
    """Return whether it is for a person now."""
    return tries.failed >= MOST_TRIES and tries.failure not in _STANDING


def may_try(tries: Tries | None, now: datetime) -> bool:
    """Return whether a change that costs nothing is sent now.

    ========================================  ===========
    it failed                                 sent
    ========================================  ===========
    never                                     now
    for want of a right, too early, by a rule a day later
    for any other reason, less than 10 times  now
    for any other reason, 10 times            not again
    ========================================  ===========
    """
    if tries is None:
        return True
    if tries.failure in _STANDING:
        return now - tries.last_at >= SLOWLY
    return not are_used_up(tries)
