"""Error documents of the remote, and the errors of ours that they become (wire-api.md 2)."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from cpbillmgr.errors import (
    AccessDenied,
    AlreadyExists,
    LimitRefused,
    LoginRefused,
    NotEnoughMoney,
    NotFound,
    Refused,
    RuleRefused,
    ValueRefused,
)
from cpbillmgr.remote.text import clean

KNOWN_TYPES: dict[str, type[Refused]] = {
    "access": AccessDenied,
    "value": ValueRefused,
    "missed": NotFound,
    "exists": AlreadyExists,
    "limit": LimitRefused,
    "not_enough_money": NotEnoughMoney,
    "code 7": Refused,  # the remote's own panel has no license
    "code 8": RuleRefused,
}

# Generation 4 has codes instead of types (wire-api.md 2.1). Of 1, an internal error, nothing is certain.
TYPES_OF_CODES = {"2": "exists", "3": "missed", "4": "value", "5": "limit", "6": "access"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """What an error document says: machine-readable type and object, text in words, parameters by name."""

    type: str
    subject: str
    text: str
    params: dict[str, str]

    @property
    def is_known(self) -> bool:
        """Whether this type says for certain that nothing was done."""
        return self.type == "auth" or self.type in KNOWN_TYPES

    def as_error(self, func: str, remote: str) -> LoginRefused | Refused:
        """Return the error of ours.

        ================  =====================  ================  ================================
        type              code (generation 4)    error             certainly, nothing was done
        ================  =====================  ================  ================================
        auth              none: ``<authfail/>``  LoginRefused      yes
        access            6                      AccessDenied      yes
        value             4                      ValueRefused      yes
        missed            3                      NotFound          yes
        exists            2                      AlreadyExists     yes
        limit             5                      LimitRefused      yes
        not_enough_money  none                   NotEnoughMoney    yes
        none              7                      Refused           yes
        none              8                      RuleRefused       yes
        any other         any other              Refused           no: a change may have been made
        ================  =====================  ================  ================================
        """
        if self.type == "auth":
            return LoginRefused(f"the remote refused our login: {self.reason}", where=remote)
        error = KNOWN_TYPES.get(self.type, Refused)
        return error(f"the remote refused {func}: {self.reason}", where=remote, subject=self.subject)

    @property
    def reason(self) -> str:
        """The refusal in words: the figures where money is short, else the remote's text or its type."""
        if self.type == "not_enough_money" and "amount" in self.params:
            return _shortage(self.params)
        known = self.text or " ".join(filter(None, (self.type, self.subject))) or "no reason given"
        if self.is_known or not self.type:
            return known
        return f"{known} ({self.type if self.type.startswith('code ') else f'type {self.type}'})"


def read_refusal(document: Element) -> Refusal | None:
    """Return what a document refuses, or ``None`` when it is no error document.

    ``<authfail/>`` is how generation 4 refuses a login (wire-api.md 2.1).
    """
    if document.find("authfail") is not None:
        return Refusal("auth", "authfail", "wrong user or password", {})
    error = document.find("error")
    if error is None:
        return None
    text = clean(error.findtext("msg") or error.text or "")
    params = {clean(param.get("name", "")): clean(param.text or "") for param in error.iterfind("param")}
    subject = error.get("object") or error.get("val") or error.get("obj") or ""
    return Refusal(_type_of(error), clean(subject), text, params)


def _type_of(error: Element) -> str:
    """Return the type of an error: its own, or that of its code; generations 5 and 6 have a code besides."""
    type_, code = clean(error.get("type", "")), clean(error.get("code", ""))
    if type_ or not code:
        return type_
    return TYPES_OF_CODES.get(code, f"code {code}")


def _shortage(params: dict[str, str]) -> str:
    currency = params.get("currency", "")
    named = (("amount", "it costs"), ("have", "the balance is"), ("deficit", "missing are"))
    figures = (f"{words} {params[name]} {currency}".rstrip() for name, words in named if name in params)
    return "not enough money, " + ", ".join(figures)
