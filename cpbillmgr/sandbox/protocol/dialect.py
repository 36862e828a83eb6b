"""What one generation of BILLmanager answers to, and how it writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.refusals import Refused
from cpbillmgr.sandbox.world.nouns import Account, World

Handler = Callable[[World, Call], str]


@dataclass(frozen=True, slots=True)
class Dialect:
    """A generation's functions by name, its documents, sessions and formats.

    ``document`` takes the call, the language and the content; ``login`` the account and the new session's id;
    ``error`` the world, the call, who is logged in at which level, and the refusal. A session comes back in
    ``cookie`` and is good for ``idle`` after its last use. ``formats`` tells what a word of ``out`` means
    where that differs from the table of formats.
    """

    questions: Mapping[str, Handler]
    changes: Mapping[str, Handler]
    document: Callable[[Call, str, str], str]
    login: Callable[[Account, str], str]
    error: Callable[[World, Call, str, int, Refused], str]
    cookie: str
    idle: timedelta
    formats: Mapping[str, str]
