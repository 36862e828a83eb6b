"""What one generation of BILLmanager answers to, and how it writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from cpbillmgr.sandbox.call import Call
from cpbillmgr.sandbox.refusals import Refused
from cpbillmgr.sandbox.variants import Variants
from cpbillmgr.sandbox.world import Account, World

Handler = Callable[[World, Call], str]


@dataclass(frozen=True, slots=True)
class Dialect:
    """A generation's functions by name, its documents, and how long an unused session lasts.

    ``document`` takes the call, the language and the content; ``login`` the account and the new session's id;
    ``error`` the call, who is logged in at which level, the refusal and the variants.
    """

    questions: Mapping[str, Handler]
    changes: Mapping[str, Handler]
    document: Callable[[Call, str, str], str]
    login: Callable[[Account, str], str]
    error: Callable[[Call, str, int, Refused, Variants], str]
    idle: timedelta
