"""Documents of generation 4: a bare ``<doc>``, and errors with a number (wire-api.md 1.6, 2.1)."""

from __future__ import annotations

from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.documents import PROLOG, attributes, element, escape
from cpbillmgr.sandbox.protocol.refusals import Refused
from cpbillmgr.sandbox.world.nouns import Account, World
from cpbillmgr.sandbox.world.parsing import FORBIDDEN_IN_XML

EXISTS, UNKNOWN, INVALID, LIMIT, ACCESS, MESSAGE, UNLISTED = 2, 3, 4, 5, 6, 8, 9  # codes of errors
BAD_LOGIN = frozenset({"badpassword", "session", "address"})
TYPED = {  # the code nearest to the type that later generations have, what tells more, and what it is about
    "ip_taken": (EXISTS, "obj", "ip"),
    "ip_too_soon": (LIMIT, "val", "ip"),
    "trial_used": (LIMIT, "val", "period"),
    "trial_renewal": (INVALID, "val", "period"),
    "status": (INVALID, "val", "elid"),
    "no_money": (LIMIT, "val", "balance"),
}


def document(_call: Call, _language: str, content: str) -> str:
    """Return a whole answer."""
    return f"{PROLOG}<doc>{content}</doc>\n"


def login(_account: Account, session: str) -> str:
    """Return what tells the id of a new session."""
    return element("auth", session)


def error(world: World, call: Call, _user: str, _level: int, refused: Refused) -> str:
    """Return an error document with a localised text; a bad login has one of its own.

    ====================  ====  ============  =============================================
    refused               code  more          where it comes from
    ====================  ====  ============  =============================================
    login                 none  none          reported: ``<authfail/>``
    function, right       6     obj=function  documented
    id                    3     obj=software  documented; software and price are invented
    parameter             4     val=name      documented
    missing parameter     4     val=name      invented
    rule of the business  8     none          inferred: a text that is ready to be shown
    ====================  ====  ============  =============================================

    The variant ``refusal`` has the last row otherwise: ``typed`` as in the table TYPED, of which code 2 for
    an IP that has its license is inferred and the rest invented; ``unlisted`` with a code in no manual.
    """
    language = call.language(world)
    if refused.name in BAD_LOGIN:
        return document(call, language, "<authfail/>")
    code, attribute, about = _code(call, refused, world.variants.refusal)
    more = {attribute: about} if attribute else {}
    text = escape(refused.message(language))
    return document(call, language, f"<error{attributes({'code': code, **more})}>{text}</error>")


def _code(call: Call, refused: Refused, variant: str) -> tuple[int, str, str]:
    match refused.name:
        case "unknown_func" | "access":
            return ACCESS, "obj", FORBIDDEN_IN_XML.sub("", call.func)
        case "unknown_id":
            return UNKNOWN, "obj", "software" if refused.object == "elid" else refused.object
        case "value" | "missed":
            return INVALID, "val", refused.object
    if variant == "typed" and refused.name in TYPED:
        return TYPED[refused.name]
    return UNLISTED if variant == "unlisted" else MESSAGE, "", ""
