"""What nobody outside knows for sure about the protocol, as switches, to try a client on every reading.

The first choice is the default. *Recorded*: seen in a real answer. *Reported*: read by a published client.
*Invented*: no evidence, but a client has to survive it.

==================  ==================================================  ================================
variant             choices                                             where they come from
==================  ==================================================  ================================
order_answer        all (id, item.id, billorder), id, item.id,          each reported by another client
                    billorder
form                mixed (renewals in /doc/doc, all else in /doc),     read so by the vendor's own client;
                    flat (fields in /doc), nested (in /doc/doc)         commits: both reported; nested
                                                                        views invented
status              both, number (status alone), orig                   names documented, combinations
                    (item_status@orig alone, with sub-status)           invented
tariff              both (name in pricelist, id in pricelist_id), name  both recorded, others invented
                    (no pricelist_id), id (number in pricelist)
language            en (or what ``lang`` asks for), ru (always)         recorded; most texts invented
dates               list (real_ipchange, real_keychange in rows), form  documented, reported
period              number, label (in rows)                             documented as either
expiry              both, real (expiredate is words), plain (no         recorded, recorded, documented
                    real_expiredate)
no_money            error (not_enough_money), cart (an order without    reported; documented for modules
                    money stays unpaid)
renewal             paid (at once), cart (unless ``skipbasket=on``)     reported; invented
key_change          monthly (no second one for 31 days), free           both assumed
crt_type            existing, exists, own (what an order says that      invented
                    brings its own csr)
certificate_status  processing, active (status of a certificate until   invented
                    it is issued)
issue_told          both (service_status in rows and forms), form,      name documented; places
                    none (only words)                                   invented
certificate_files   rows (PEM in certificate.file), edit (one file in   functions documented; fields
                    certificate.file.edit), form (in                    invented
                    certificate.edit)
export              login (pricelist.export needs one), open            documented; reported
software_answer     id, item.id                                         reported; reported of other orders
software_delete     known, unknown                                      inferred, invented
refusal             message (code 8), typed (a code for each rule),     inferred, partly inferred,
                    unlisted (code 9)                                   invented
pricename           form, rows (in lists as well)                       reported, documented as either
lifetime            empty, zeros (0000-00-00), word (expiredate of      invented
                    what never ends)
per_type            units (day, month, year, unlimited), words          documented of another form,
                    (month, year, lifetime, trial)                      invented
key_delay_seconds   0 to 30: a new key is not shown for so long         reported
open_delay_seconds  0 to 3600: a new order is status 5 for so long      documented; length invented
enroll_delay_       0 to 3600: so long until a certificate waits for    documented; length invented
seconds             its approver
latency_ms          0 to 60000: every call takes so much longer         invented
==================  ==================================================  ================================

Those from ``software_answer`` to ``per_type`` are of generation 4 alone, which has language, no_money and the
delays from those above.

Delays run by real time, also in a world whose clock stands still. So does the ``Date`` header: a client of a
server compares it with its machine's clock, and would not renew anything in a world that is days ahead.
"""

from __future__ import annotations

from dataclasses import dataclass

CHOICES: dict[str, tuple[str, ...]] = {
    "order_answer": ("all", "id", "item.id", "billorder"),
    "form": ("mixed", "flat", "nested"),
    "status": ("both", "number", "orig"),
    "tariff": ("both", "name", "id"),
    "language": ("en", "ru"),
    "dates": ("list", "form"),
    "period": ("number", "label"),
    "expiry": ("both", "real", "plain"),
    "no_money": ("error", "cart"),
    "renewal": ("paid", "cart"),
    "key_change": ("monthly", "free"),
    "crt_type": ("existing", "exists", "own"),
    "certificate_status": ("processing", "active"),
    "issue_told": ("both", "form", "none"),
    "certificate_files": ("rows", "edit", "form"),
    "export": ("login", "open"),
    "software_answer": ("id", "item.id"),
    "software_delete": ("known", "unknown"),
    "refusal": ("message", "typed", "unlisted"),
    "pricename": ("form", "rows"),
    "lifetime": ("empty", "zeros", "word"),
    "per_type": ("units", "words"),
}
MOST: dict[str, int] = {
    "key_delay_seconds": 30,
    "open_delay_seconds": 3600,
    "enroll_delay_seconds": 3600,
    "latency_ms": 60_000,
}


@dataclass(frozen=True, slots=True)
class Variants:
    """One reading of the protocol."""

    order_answer: str = "all"
    form: str = "mixed"
    status: str = "both"
    tariff: str = "both"
    language: str = "en"
    dates: str = "list"
    period: str = "number"
    expiry: str = "both"
    no_money: str = "error"
    renewal: str = "paid"
    key_change: str = "monthly"
    crt_type: str = "existing"
    certificate_status: str = "processing"
    issue_told: str = "both"
    certificate_files: str = "rows"
    export: str = "login"
    software_answer: str = "id"
    software_delete: str = "known"
    refusal: str = "message"
    pricename: str = "form"
    lifetime: str = "empty"
    per_type: str = "units"
    key_delay_seconds: int = 0
    open_delay_seconds: int = 0
    enroll_delay_seconds: int = 0
    latency_ms: int = 0


def variant(name: str, value: object) -> str | int:
    """Return the value of one variant; a number may come as text. Raises ValueError in one clear line."""
    if name in CHOICES:
        if value not in CHOICES[name]:
            raise ValueError(f"{value!r} is none of {', '.join(CHOICES[name])}")
        return str(value)
    if name not in MOST:
        raise ValueError(f"there is no variant {name!r}, only {', '.join([*CHOICES, *MOST])}")
    if isinstance(value, bool) or not str(value).isdecimal() or int(str(value)) > MOST[name]:
        raise ValueError(f"{value!r} is not a number from 0 to {MOST[name]}")
    return int(str(value))
