"""Documents as BILLmanager writes them: the frame, forms, rows, errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from xml.sax.saxutils import escape as escape_markup
from xml.sax.saxutils import quoteattr

from cpbillmgr.sandbox.protocol.call import ELEMENT_NAME, Call
from cpbillmgr.sandbox.protocol.products import PRODUCTS
from cpbillmgr.sandbox.protocol.refusals import Refused
from cpbillmgr.sandbox.protocol.rules import status
from cpbillmgr.sandbox.protocol.texts import ISSUE_STATUS, PHRASES, STATUS, period_label
from cpbillmgr.sandbox.world.certificates import Certificate, issue_status
from cpbillmgr.sandbox.world.nouns import Account, License, Moment, Tariff, World
from cpbillmgr.sandbox.world.parsing import FORBIDDEN_IN_XML

PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'
SUB_STATUS = {1: "1", 2: "2_2", 3: "3_autosuspend", 4: "4", 5: "5_open"}


def escape(text: str) -> str:
    """Return a text as XML, so that a reader gets back the very same one, carriage returns too."""
    return escape_markup(text).replace("\r", "&#13;")


def element(name: str, value: object) -> str:
    """Return one element with a text; ``None`` and the empty text leave it empty."""
    return f"<{name}/>" if value in {None, ""} else f"<{name}>{escape(str(value))}</{name}>"


def elements(fields: Mapping[str, object]) -> str:
    """Return one element for each field, in their order."""
    return "".join(element(name, value) for name, value in fields.items())


def attributes(values: Mapping[str, object]) -> str:
    """Return attributes, each with a space before it."""
    return "".join(f" {name}={quoteattr(str(value))}" for name, value in values.items())


def options(name: str, labels: Mapping[str, str]) -> str:
    """Return the choices of a form's field."""
    values = (f"<val key={quoteattr(key)}>{escape(label)}</val>" for key, label in labels.items())
    return f'<slist name="{name}">{"".join(values)}</slist>'


def table(name: str, rows: Iterable[Mapping[str, object]]) -> str:
    """Return a list within a form."""
    return f'<list name="{name}">{"".join(f"<elem>{elements(row)}</elem>" for row in rows)}</list>'


def periods(tariff: Tariff, language: str, *, renewable: bool = False) -> dict[str, str]:
    """Return the names of a tariff's periods, or of those for which a license can be renewed."""
    return {str(each): period_label(each, language) for each in tariff.prices if each > 0 or not renewable}


def document(call: Call, language: str, content: str) -> str:
    """Return a whole answer: the frame, the content, and the echo of the parameters without login data."""
    frame = {
        "lang": language,
        "func": FORBIDDEN_IN_XML.sub("", call.func),
        "binary": "/billmgr",
        "host": call.host,
        "themename": "orion",
        "features": "",
        "notify": "",
    }
    echo = elements({name: value for name, value in call.public.items() if ELEMENT_NAME.fullmatch(name)})
    return f"{PROLOG}<doc{attributes(frame)}>{content}<tparams>{echo}</tparams><saved_filters/></doc>\n"


def login(account: Account, session: str) -> str:
    """Return what tells the id of a new session, and the level of its rights."""
    return f"<auth{attributes({'id': session, 'level': account.level})}>{session}</auth>"


def form(world: World, call: Call, fields: str) -> str:
    """Return the fields of a form, in /doc or in a document within it."""
    renewed = call.func == "service.prolong" and call.commits
    if world.variants.form == "flat" or (world.variants.form == "mixed" and not renewed):
        return fields
    return f"<doc{attributes({'lang': call.language(world), 'func': call.func})}>{fields}</doc>"


def error(world: World, call: Call, user: str, level: int, refused: Refused) -> str:
    """Return an error document, as recorded: params, stack, text template or detail, message."""
    language = call.language(world)
    about = {"object": refused.object} if refused.object else {}
    frame = {"type": refused.kind.type, **about, "lang": language, "code": "1"}
    head = "".join(f'<param name="object" type="msg">{escape(name)}</param>' for name in about.values())
    params = "".join(f"<param name={quoteattr(n)}>{escape(v)}</param>" for n, v in refused.params.items())
    func = FORBIDDEN_IN_XML.sub("", call.func)
    stack = f"<stack><action{attributes({'level': level, 'user': user})}>{escape(func)}</action></stack>"
    template, message = refused.template(language), refused.message(language)
    text = element("detail" if template == message else "group", template)
    content = f"{head}{params}{stack}{text}{element('msg', message)}"
    return f"{PROLOG}<doc><error{attributes(frame)}>{content}</error></doc>\n"


def row(world: World, license: License, moment: Moment, language: str) -> str:
    """Return a license as a row of the list; a hundred thousand of them may be asked for."""
    variants, tariff, period = world.variants, world.tariffs[license.pricelist], license.period
    price = tariff.cost(period, license.addons)
    tells, certificate = variants.issue_told == "both", license.certificate
    issued = "" if certificate is None else issue(certificate, moment, language, in_numbers=tells)
    return (
        f"<elem><id>{license.id}</id>{_identity(license, tariff.itemtype)}"
        f"{_tariff(tariff.id, tariff.name, tariff.intname, variants.tariff)}"
        f"{_period(period, variants.period, language)}<createdate>{license.createdate or ''}</createdate>"
        f"{_expiry(license.expiredate, variants.expiry, language)}"
        f"<autoprolong>{escape(license.autoprolong)}</autoprolong>"
        f"{_dates(license.ip_change_date, license.lickey_change_date, variants.dates)}<update_expiredate/>"
        f"{_status(status(license, moment), variants.status, language)}{issued}"
        "<special_status>0</special_status>"
        f"{_cost(price, period, world.account.currency, language)}</elem>"
    )


def _identity(license: License, itemtype: str) -> str:
    """Return what a license is known by: its name and its address, as far as its type has them."""
    product, parts = PRODUCTS[itemtype], []
    if product.name_field:
        parts.append(f"<{product.name_field}>{escape(license.licname)}</{product.name_field}>")
    if product.has_ip:
        parts.append(f"<ip>{license.ip}</ip>")
    return "".join(parts)


def issue(certificate: Certificate, moment: Moment, language: str, *, in_numbers: bool) -> str:
    """Return how far a certificate has come, in words and, where the remote tells it, in numbers."""
    number = issue_status(certificate, moment.real)
    told = {"service_status": number} if in_numbers else {}
    return elements({**told, "status_msg": ISSUE_STATUS[language][number]})


@lru_cache(maxsize=1024)
def _tariff(id: int, name: str, intname: str, variant: str) -> str:
    shown = {"pricelist": id if variant == "id" else name}
    if variant == "both":
        shown["pricelist_id"] = id
    return elements({**shown, "intname": intname})


@lru_cache(maxsize=256)
def _period(period: int, variant: str, language: str) -> str:
    return element("period", period if variant == "number" else period_label(period, language))


@lru_cache(maxsize=8192)
def _expiry(expires: date | None, variant: str, language: str) -> str:
    words = PHRASES[language]
    shown = words["unlimited"] if expires is None else words["daily"] if variant == "real" else expires
    real = "" if variant == "plain" else element("real_expiredate", expires)
    return element("expiredate", shown) + real


@lru_cache(maxsize=8192)
def _dates(ip_change: date | None, key_change: date | None, variant: str) -> str:
    return elements({"real_ipchange": ip_change, "real_keychange": key_change}) if variant == "list" else ""


@lru_cache(maxsize=64)
def _status(number: int, variant: str, language: str) -> str:
    """Return a status; ``both`` tells a sub-status only while a license is opened."""
    if variant == "number":
        return element("status", number)
    orig = SUB_STATUS[number] if variant == "orig" or number == 5 else str(number)
    text = item_status(number, orig, language)
    return text if variant == "orig" else text + element("status", number)


def item_status(number: int, orig: str, language: str) -> str:
    """Return a status in words, with the number or sub-status that they stand for."""
    color = {2: "green", 5: "yellow"}.get(number, "red")
    return f'<item_status color="{color}" orig="{orig}">{STATUS[language][number]}</item_status>'


@lru_cache(maxsize=4096)
def _cost(price: Decimal, period: int, currency: str, language: str) -> str:
    """Return the price by the month as a text, and that of the whole period as a number."""
    text = f"{price / max(period, 1):.2f} {currency} / {PHRASES[language]['month']}"
    shown = text if period > 0 else f"{price:.2f} {currency}"
    return elements({"cost": shown, "item_cost": f"{price:.4f}", "currency_str": currency})
