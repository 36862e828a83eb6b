"""One call as it came in, and what its parameters must look like."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from datetime import datetime

from cpbillmgr.sandbox.protocol.formats import CALLBACK, KNOWN
from cpbillmgr.sandbox.protocol.products import PRODUCTS
from cpbillmgr.sandbox.protocol.refusals import Refused
from cpbillmgr.sandbox.protocol.texts import LANGUAGES
from cpbillmgr.sandbox.world.nouns import License, Tariff, World
from cpbillmgr.sandbox.world.parsing import FORBIDDEN_IN_XML

SECRETS = frozenset({"authinfo", "auth", "password", "key"})
ELEMENT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
NUMBER = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Call:
    """A call: its parameters, who sent it, the address it was sent to, when (real time, UTC), its cookies."""

    params: dict[str, str]
    client: str
    host: str
    received: datetime
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def func(self) -> str:
        """The function that is called."""
        return self.params.get("func", "")

    @property
    def itemtype(self) -> str:
        """The type of products that the function is about, where it begins with one."""
        return self.func.removeprefix("v2.").partition(".")[0]

    @property
    def commits(self) -> bool:
        """Whether a form is sent off; ``sv_field`` only has it worked out again."""
        return bool(self.params.get("sok")) and "sv_field" not in self.params

    @property
    def public(self) -> dict[str, str]:
        """The parameters without login data."""
        return {name: value for name, value in self.params.items() if name not in SECRETS}

    def session(self, cookie: str) -> str:
        """Return the session id: ``auth``, or what stands before a colon in the cookie of this name."""
        return self.params.get("auth") or self.cookies.get(cookie, "").partition(":")[0]

    @property
    def callback(self) -> str:
        """The function that JSON shall be handed to, if its name is one."""
        name = self.params.get("callback", "")
        return name if CALLBACK.fullmatch(name) else ""

    def language(self, world: World) -> str:
        """Return the language of texts: what ``lang`` asks for, but a remote may speak Russian to all."""
        asked = self.params.get("lang", "")
        own = world.variants.language
        return asked if asked in LANGUAGES and own == "en" else own

    def check(self) -> None:
        """Refuse what XML could not give back, and formats that are not spoken here."""
        for name, value in self.params.items():
            if FORBIDDEN_IN_XML.search(value):
                raise Refused("value", FORBIDDEN_IN_XML.sub("", name), value=FORBIDDEN_IN_XML.sub("", value))
        if self.text("out") not in KNOWN:
            raise Refused("value", "out", value=self.text("out"))

    def text(self, name: str, default: str = "") -> str:
        """Return a parameter, or the default when it was not sent."""
        return self.params.get(name, default)

    def needed(self, name: str) -> str:
        """Return a parameter that must be there and not be empty."""
        value = self.text(name)
        if not value:
            raise Refused("missed", name)
        return value

    def number(self, name: str, default: int | None = None) -> int:
        """Return a whole number; a stray ``;`` after it is let pass, as vendor pages print one."""
        value = self.needed(name) if default is None else self.text(name, str(default))
        if not NUMBER.fullmatch(value.rstrip(";")):
            raise Refused("value", name, value=value)
        return int(value.rstrip(";"))

    def address(self, name: str) -> str:
        """Return an IP address."""
        value = self.needed(name)
        try:
            return str(ipaddress.ip_address(value))
        except ValueError:
            raise Refused("value", name, value=value) from None

    def license_name(self, default: str = "", field: str = "licname") -> str:
        """Return a license's name, which has at most 255 characters; without a field it has none."""
        value = self.text(field, default) if field else ""
        if len(value) > 255:
            raise Refused("value", field, value=value)
        return value

    def remoteip(self, default: str = "") -> str:
        """Return the server's own address behind a NAT: an IP address or nothing."""
        return self.address("remoteip") if self.text("remoteip") else self.text("remoteip", default)

    def autoprolong(self, default: str) -> str:
        """Return the period of automatic renewal: months, or ``null`` for none.

        The newer order form says ``on``, for the period that is ordered, or ``off``.
        """
        value = self.text("autoprolong", default)
        if value in {"on", "off"}:
            value = self.text("order_period", "1") if value == "on" else "null"
        if value != "null" and not value.isdecimal():
            raise Refused("value", "autoprolong", value=value)
        return value

    def addons(self, tariff: Tariff, kept: dict[int, int]) -> dict[int, int]:
        """Return the amounts of a tariff's add-ons: as sent, else as kept, else the least there may be."""
        sent = {name for name in self.params if name.startswith("addon_")}
        for name in sorted(sent - {f"addon_{addon.id}" for addon in tariff.addons}):
            raise Refused("value", name, value=self.text(name))
        amounts = {}
        for addon in tariff.addons:
            name = f"addon_{addon.id}"
            amounts[addon.id] = self.number(name, kept.get(addon.id, addon.minimum))
            if amounts[addon.id] < addon.minimum:
                raise Refused("value", name, value=str(amounts[addon.id]))
        return amounts

    def offer(
        self, world: World, pricelist: str = "pricelist", *, itemtype: str = "soft"
    ) -> tuple[Tariff, int]:
        """Return the tariff, sent by this name, and the period that are asked for, both for sale.

        The newer order form calls the period ``order_period`` (wire-api.md 4.4).
        """
        name = "order_period" if "order_period" in self.params else "period"
        tariff, period = world.tariffs.get(self.number(pricelist)), self.number(name)
        if tariff is None or not tariff.orderable or tariff.itemtype != itemtype:
            raise Refused("value", pricelist, value=self.text(pricelist))
        if period not in tariff.prices:
            raise Refused("value", name, value=self.text(name))
        return tariff, period

    def license(self, world: World, elid: str | None = None) -> License:
        """Return the license that ``elid`` names; one of another account may not be touched.

        A function of one type of products knows none of another type.
        """
        elid = self.needed("elid") if elid is None else elid
        found = world.licenses.get(int(elid)) if NUMBER.fullmatch(elid) else None
        if found is None or self._is_of_another_type(world.tariffs[found.pricelist].itemtype):
            raise Refused("unknown_id", value=elid)
        if found.owner is not None:
            raise Refused("access", self.func)
        return found

    def _is_of_another_type(self, itemtype: str) -> bool:
        return self.itemtype in PRODUCTS and self.itemtype != itemtype
