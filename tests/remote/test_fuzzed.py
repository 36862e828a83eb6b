"""Whatever a remote answers: no crash, no hang, and every refusal one clear line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.errors import CpbillmgrError
from cpbillmgr.model.licenses import License
from cpbillmgr.model.products import ProductType
from cpbillmgr.remote.generation4 import catalogue as catalogue4
from cpbillmgr.remote.generation4 import licenses as licenses4
from cpbillmgr.remote.generation5 import catalogue as catalogue5
from cpbillmgr.remote.generation5 import licenses as licenses5
from cpbillmgr.remote.listing import page_of
from cpbillmgr.remote.pem import certificates_in
from cpbillmgr.remote.refusals import read_refusal
from cpbillmgr.remote.replies import new_license_id, require_done
from cpbillmgr.remote.xml import Reader, Unreadable
from cpbillmgr.sandbox import Sandbox, WorldFile, approve, new_world
from tests.fuzzing import fuzzed
from tests.sandbox.certificates import order_form

MOST_SHOWN = 1000  # characters of one line
SOLD = {4: "price=7&period=8", 6: "pricelist=55227&period=1&clicked_button=finish&skipbasket=on"}
ORDER = "licname=new&ip=203.0.113.77&sok=ok"
CERTIFICATE = new_world(6)["next_id"]  # the first license that is ordered
Reading = Callable[[Element], object]


def certificate_of_row(row: Element, remote: str) -> License:
    return licenses5.license_of_row(row, remote, ProductType.CERTIFICATE)


def certificate_of_form(document: Element) -> License:
    return licenses5.license_of_form(document, str(CERTIFICATE), "main", ProductType.CERTIFICATE)


# What is asked of a pretend remote of some generation, and how its answer is read.
ASKED: list[tuple[int, str, Reading]] = [
    (6, "func=whoami", lambda doc: catalogue5.account_of(doc, "main")),
    (6, "func=subaccount", catalogue5.balance_of),
    (6, "func=soft&p_cnt=3", lambda doc: page_of(doc, licenses5.license_of_row, "main")),
    (6, "func=soft.edit&elid=123456", lambda doc: licenses5.license_of_form(doc, "123456", "main")),
    (6, "func=pricelist.export&itemtype=soft", lambda doc: catalogue5.tariffs_of(doc, "main")),
    (
        6,
        f"func=soft.order.param&{SOLD[6]}&{ORDER}",
        lambda doc: new_license_id(doc, "soft.order.param", "main"),
    ),
    (6, "func=soft.suspend&elid=123456&sok=ok", lambda doc: require_done(doc, "soft.suspend", "main")),
    (
        6,
        "func=service.prolong&elid=123456&period=1&sok=ok",
        lambda doc: require_done(doc, "service.prolong", "main"),
    ),
    (6, "func=soft.edit&elid=123456&sok=ok", lambda doc: require_done(doc, "soft.edit", "main")),
    (6, "func=certificate&p_cnt=3", lambda doc: page_of(doc, certificate_of_row, "main")),
    (6, f"func=certificate.edit&elid={CERTIFICATE}", certificate_of_form),
    (6, f"func=certificate.file&elid={CERTIFICATE}", lambda doc: certificates_in([doc], "main")),
    (4, "func=accountinfo", lambda doc: catalogue4.payers_of(doc, "main")),
    (4, "func=availableprice", lambda doc: catalogue4.names_of(doc, "main")),
    (4, "func=availableprice.periods&elid=7", lambda doc: catalogue4.periods_of(doc, "EUR")),
    (4, "func=software", lambda doc: page_of(doc, licenses4.license_of_row, "main")),
    (4, "func=software.edit&elid=50101", lambda doc: licenses4.license_of_form(doc, {}, "50101", "main")),
    (4, f"func=software.edit&{SOLD[4]}&{ORDER}", lambda doc: new_license_id(doc, "software.edit", "main")),
    (4, "func=software.enable&elid=50102&sok=ok", lambda doc: require_done(doc, "software.enable", "main")),
]
MARKUP = [
    b"<", b">", b"/", b"=", b'"', b"&", b"&amp;", b"&#0;", b"&#x1b;[31m", b"&x;", b"]]>", b"<![CDATA[",
    b"<!--", b"<doc>", b"</doc>", b"<elem>", b"<error/>", b'<error type="', b"<authfail/>", b"<id>",
    b'orig="', b'<!DOCTYPE doc [<!ENTITY x "y">]>', b'<?xml encoding="utf-7"?>',
]  # fmt: skip
VALUES = [
    b"", b"-1", b"0", b"NaN", b"1e999", b"9" * 30, b"9999-99-99", b"0000-00-00", b"5_", b"x" * 5000, b"\x00",
    b"\xff\xfe", b"\r\n", "\u202e\u0665\u00a0".encode(), b"12 months", b"-1,5.00 \xe2\x82\xac", b"on",
    b"null",
]  # fmt: skip
Damage = tuple[int, int, bytes]
DAMAGES = st.lists(
    st.tuples(
        st.integers(0, 1 << 20),  # where, as a share of the answer
        st.integers(0, 60) | st.integers(0, 1 << 20),  # how many bytes are lost
        st.sampled_from([*MARKUP, *VALUES]) | st.binary(max_size=8),  # what stands there instead
    ),
    min_size=1,
    max_size=6,
)
TEXTS = re.compile(rb">[^<]*<")


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[bytes, Reading]]:
    """Whole answers of pretend remotes, and how each is read."""
    found = []
    for generation in (4, 6):
        world = tmp_path_factory.mktemp("world") / "world.json"
        world.write_text(json.dumps(new_world(generation)), encoding="utf-8")
        with Sandbox(world) as sandbox:
            login = urlencode({"authinfo": f"{sandbox.user}:{sandbox.password}", "out": "xml"})
            if generation == 6:
                answer(sandbox.url, f"{login}&func=certificate.order.param&{urlencode(order_form())}")
                approve(WorldFile(world), CERTIFICATE)
            found += [
                (answer(sandbox.url, f"{login}&{asked}"), reading)
                for of, asked, reading in ASKED
                if of == generation
            ]
    return found


def answer(url: str, form: str) -> bytes:
    target = urlsplit(url)
    connection = HTTPConnection(target.netloc, timeout=10)
    try:
        connection.request("POST", target.path, form, {"Content-Type": "application/x-www-form-urlencoded"})
        return connection.getresponse().read()
    finally:
        connection.close()


def damaged(whole: bytes, damages: list[Damage]) -> bytes:
    """Return an answer in which, one after the other, bytes are lost and others stand in their place."""
    for share, lost, token in damages:
        start = share * len(whole) >> 20
        whole = whole[:start] + token + whole[start + lost :]
    return whole


def with_other_texts(whole: bytes, texts: list[bytes]) -> bytes:
    """Return an answer with other texts in its elements; it stays well-formed as long as they are."""
    spare = iter(texts)
    return TEXTS.sub(lambda found: next((b">" + text + b"<" for text in spare), found[0]), whole)


def read(body: bytes, reading: Reading) -> str:
    """Read a body as answers are; return the one line that is told of it, empty when it is understood."""
    reader = Reader()
    try:
        reader.feed(body)
        document = reader.close()
    except Unreadable as wrong:
        return str(wrong)
    refusal = read_refusal(document)
    if refusal is not None:
        return str(refusal.as_error("func", "main"))
    try:
        reading(document)
    except CpbillmgrError as error:
        return str(error)
    return ""


def is_one_clear_line(told: str) -> bool:
    return told.isprintable() and len(told) <= MOST_SHOWN


def test_whole_answers_are_understood(answers: list[tuple[bytes, Reading]]) -> None:
    assert [read(body, reading) for body, reading in answers] == [""] * len(ASKED)


@fuzzed
@given(st.integers(0, len(ASKED) - 1), DAMAGES)
def test_a_damaged_answer_is_refused_in_one_line_or_understood(
    answers: list[tuple[bytes, Reading]], number: int, damages: list[Damage]
) -> None:
    body, reading = answers[number]
    assert is_one_clear_line(read(damaged(body, damages), reading))


@fuzzed
@given(
    st.integers(0, len(ASKED) - 1),
    st.lists(st.sampled_from(VALUES), max_size=60),
)
def test_an_answer_with_strange_values_is_refused_in_one_line_or_understood(
    answers: list[tuple[bytes, Reading]], number: int, texts: list[bytes]
) -> None:
    body, reading = answers[number]
    assert is_one_clear_line(read(with_other_texts(body, texts), reading))
