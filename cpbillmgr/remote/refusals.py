"""Error documents of the remote, and the errors of ours that they become (wire-api.md 2.2)."""

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
}


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

        ================  ================
        type              error
        ================  ================
        auth              LoginRefused
        access            AccessDenied
        value             ValueRefused
        missed            NotFound
        exists            AlreadyExists
        limit             LimitRefused
        not_enough_money  NotEnoughMoney
        any other         Refused
        ================  ================
        """
        if self.type == "auth":
            return LoginRefused(f"the remote refused our login: {self.reason}", where=remote)
        error = KNOWN_TYPES.get(self.type, Refused)
        message = f"the remote refused {func}: {self.reason}"
        return error(message, where=remote, reason=self.type, subject=self.subject, params=self.params)

    @property
    def reason(self) -> str:
        """The refusal in words: the figures where money is short, else the remote's text or its type."""
        if self.type == "not_enough_money" and "amount" in self.params:
            return _shortage(self.params)
        known = self.text or " ".join(filter(None, (self.type, self.subject))) or "no reason given"
        return known if self.is_known or not self.type else f"{known} (type {self.type})"


def read_refusal(document: Element) -> Refusal | None:
    """Return what a document refuses, or ``None`` when it is no error document.

    ``<authfail/>`` is how older versions refuse a login (wire-api.md 2.1).
    """
    if document.find("authfail") is not None:
        return Refusal("auth", "authfail", "wrong user or password", {})
    error = document.find("error")
    if error is None:
        return None
    text = clean(error.findtext("msg") or error.text or "")
    params = {clean(param.get("name", "")): clean(param.text or "") for param in error.iterfind("param")}
    return Refusal(clean(error.get("type", "")), clean(error.get("object", "")), text, params)


def _shortage(params: dict[str, str]) -> str:
    currency = params.get("currency", "")
    named = (("amount", "it costs"), ("have", "the balance is"), ("deficit", "missing are"))
    figures = (f"{words} {params[name]} {currency}".rstrip() for name, words in named if name in params)
    return "not enough money, " + ", ".join(figures)
