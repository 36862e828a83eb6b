from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cpbillmgr.errors import (
    AlreadyExists,
    AnswerNotUnderstood,
    LimitRefused,
    ListIncomplete,
    MaybeDone,
    NotFound,
    RemoteError,
    ValueRefused,
)
from cpbillmgr.model.certificates import Request as CertificateRequest
from cpbillmgr.model.certificates import Subject
from cpbillmgr.model.changes import Edit, NewKey, Order, Renew, Resume, Suspend
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.products import ProductType
from cpbillmgr.model.services import Status
from cpbillmgr.remote.billing import RemoteBilling
from tests.remote.conftest import endpoint_at
from tests.remote.loopback import Loopback, Request, whole

ORDER = Order(55227, 1, "203.0.113.5", "Item #17 addon vps17", "cpb1-main-17-panel-1")
PRICES = """<pricelist><id>55227</id><name>lite</name></pricelist><pricelist><id>55228</id><name>pro</name>
  </pricelist><pricelist><id>55229</id><name>host</name></pricelist><pricelist><id>9</id><name>host</name>
  </pricelist>"""

Say = Callable[..., None]


@pytest.fixture
def billing(loopback: Loopback) -> Iterator[RemoteBilling]:
    with RemoteBilling(endpoint_at(loopback.url, page_size=100)) as billing:
        yield billing


@pytest.fixture
def say(loopback: Loopback) -> Say:
    """Script the remote: what it says to each function, as text or as a function of the request."""

    def script(**answers: str | Callable[[dict[str, str]], str]) -> None:
        def answer(request: Request) -> str:
            said = answers[request.form["func"].replace(".", "_")]
            return said if isinstance(said, str) else said(request.form)

        def document(request: Request) -> str:
            return f'<doc func="{request.form["func"]}">{answer(request)}</doc>'

        loopback.script = lambda request: whole(document(request))

    return script


def pages_of(rows: list[str], limit: int, *, total: bool = True) -> Callable[[dict[str, str]], str]:
    """Return a list that gives at most ``limit`` rows a page, whatever it is asked for."""

    def page(form: dict[str, str]) -> str:
        size = min(limit, int(form["p_cnt"]))
        start = (int(form["p_num"]) - 1) * size
        told = f"<p_elems>{len(rows)}</p_elems>" if total else ""
        return "".join(rows[start : start + size]) + told

    return page


def rows(count: int, tariff: str = "<pricelist_id>55227</pricelist_id>") -> list[str]:
    return [f"<elem><id>{number}</id><status>2</status>{tariff}</elem>" for number in range(1, count + 1)]


def functions(loopback: Loopback) -> list[str]:
    return [request.form["func"] for request in loopback.requests]


@pytest.mark.parametrize("total", [True, False])
@pytest.mark.parametrize(("count", "limit"), [(1, 50), (50, 50), (120, 50), (250, 1000)])
def test_the_whole_list_is_read_however_few_rows_a_page_has(
    billing: RemoteBilling, say: Say, count: int, limit: int, total: bool
) -> None:
    say(soft=pages_of(rows(count), limit, total=total))
    seen: list[tuple[int, int]] = []
    licenses = billing.licenses(lambda read, of: seen.append((read, of)))
    assert [row.id for row in licenses] == [str(number) for number in range(1, count + 1)]
    assert seen[-1] == (count, count if total else 0)


def test_an_account_without_licenses_has_an_empty_list(billing: RemoteBilling, say: Say) -> None:
    say(soft="<p_elems>0</p_elems>")
    assert billing.licenses() == []


@pytest.mark.parametrize("answer", ["", "".join(rows(3)) + "<p_elems>4</p_elems>", "<p_elems>2</p_elems>"])
def test_a_partial_list_is_an_error(billing: RemoteBilling, say: Say, answer: str) -> None:
    say(soft=answer)
    with pytest.raises(ListIncomplete):
        billing.licenses()


def test_a_document_of_another_function_is_no_list(billing: RemoteBilling, loopback: Loopback) -> None:
    loopback.script = lambda _: whole('<doc func="desktop"><p_elems>0</p_elems></doc>')
    with pytest.raises(AnswerNotUnderstood, match="soft was answered with a document of desktop"):
        billing.licenses()


def test_tariff_ids_come_from_unique_names_and_else_from_forms(
    billing: RemoteBilling, say: Say, loopback: Loopback
) -> None:
    tariffs = ["lite", "pro", "host", "gone"]
    listed = [
        row
        for name in tariffs
        for row in rows(4, f"<pricelist>{name}</pricelist>")[tariffs.index(name) :][:1]
    ]
    say(
        soft=pages_of(listed, 50),
        pricelist_export=PRICES,
        soft_edit=lambda form: f"<elid>{form['elid']}</elid><status>3</status><pricelist>7</pricelist>",
    )
    read = billing.licenses()
    assert [(row.tariff, row.tariff_name) for row in read] == [
        (55227, "lite"),
        (55228, "pro"),
        (7, "host"),
        (7, "gone"),
    ]
    assert functions(loopback).count("soft.edit") == 2


def test_an_account_that_may_not_read_prices_still_has_its_forms(billing: RemoteBilling, say: Say) -> None:
    say(
        soft=pages_of(rows(1, "<pricelist>lite</pricelist>"), 50),
        pricelist_export='<error type="access"><msg>Access denied</msg></error>',
        soft_edit="<elid>1</elid><status>2</status><pricelist>7</pricelist>",
    )
    assert [row.tariff for row in billing.licenses()] == [7]


def row_of(id_: str) -> License:
    return License(
        remote="main",
        id=id_,
        name="",
        ip="",
        tariff=None,
        tariff_name="",
        period=None,
        status=Status.ACTIVE,
        expires=None,
        ip_changed=date(2026, 1, 2),
    )


def test_forms_are_read_by_id(billing: RemoteBilling, say: Say) -> None:
    say(
        soft_edit=lambda form: (
            f"<elid>{form['elid']}</elid><status>2</status><remoteid>r{form['elid']}</remoteid>"
        )
    )
    seen: list[tuple[int, int]] = []
    listed = [row_of(str(number)) for number in range(20)]
    forms = billing.forms(listed, lambda read, of: seen.append((read, of)))
    assert {id_: form.remoteid for id_, form in forms.items()} == {row.id: f"r{row.id}" for row in listed}
    assert {form.ip_changed for form in forms.values()} == {date(2026, 1, 2)}, (
        "what only the row tells is kept"
    )
    assert seen == [(number, 20) for number in range(1, 21)]


def test_a_license_that_is_not_there_is_not_found(billing: RemoteBilling, say: Say) -> None:
    say(soft_edit='<error type="missed" object="elid"><msg>There is no such license</msg></error>')
    with pytest.raises(NotFound, match=r"refused soft\.edit: There is no such license \(main\)"):
        billing.license("7")


def test_a_license_that_goes_away_while_forms_are_read_leaves_the_list_incomplete(
    billing: RemoteBilling, say: Say
) -> None:
    say(soft_edit='<error type="missed" object="elid"><msg>There is no such license</msg></error>')
    with pytest.raises(ListIncomplete, match="license 7 went away"):
        billing.forms([row_of("7"), row_of("8")])


def test_tariffs_are_asked_once(billing: RemoteBilling, say: Say, loopback: Loopback) -> None:
    say(pricelist_export=PRICES)
    assert billing.tariffs() == billing.tariffs()
    assert sorted(billing.tariffs()) == [9, 55227, 55228, 55229]
    assert functions(loopback) == ["pricelist.export"]


@pytest.mark.parametrize(
    ("whoami", "subaccount", "balance"),
    [
        ('<user name="me" balance="5.00" currency="EUR"/>', "", Money(Decimal("5.00"), "EUR")),
        ('<user name="me"/>', "<elem><balance>7.50 EUR</balance></elem>", Money(Decimal("7.50"), "EUR")),
        ('<user name="me"/>', '<error type="access"><msg>Access denied</msg></error>', None),
    ],
)
def test_the_balance_comes_from_whoami_or_the_subaccount(
    billing: RemoteBilling, say: Say, whoami: str, subaccount: str, balance: Money | None
) -> None:
    say(whoami=whoami, subaccount=subaccount)
    assert billing.whoami().balance == balance


def test_an_address_that_may_have_a_license_passes_and_another_is_refused(
    billing: RemoteBilling, say: Say
) -> None:
    say(
        soft_checkip=lambda form: (
            "<ok/>" if form["ip"] == "203.0.113.5" else '<error type="exists" object="ip"/>'
        )
    )
    billing.check_ip(55227, 1, "203.0.113.5")
    with pytest.raises(AlreadyExists):
        billing.check_ip(55227, 1, "203.0.113.6")


def test_an_order_returns_the_new_license_and_is_sent_once(
    billing: RemoteBilling, say: Say, loopback: Loopback
) -> None:
    say(soft_order_param="<id>123456</id><ok>func=order</ok>")
    assert billing.order(ORDER) == "123456"
    (request,) = loopback.requests
    assert (request.form["pricelist"], request.form["remoteid"]) == ("55227", ORDER.remoteid)


def test_an_order_that_went_into_the_cart_is_in_doubt(billing: RemoteBilling, say: Say) -> None:
    say(soft_order_param="<billorder>98765</billorder><ok>func=order</ok>")
    with pytest.raises(MaybeDone, match="did not tell the license's id"):
        billing.order(replace(ORDER, tariff=55228))


@pytest.mark.parametrize(
    "change", [Edit("7", ip="203.0.113.6"), NewKey("7"), Renew("7", 1), Suspend("7"), Resume("7")]
)
def test_a_change_is_done_or_in_doubt_as_the_answer_says(
    billing: RemoteBilling, loopback: Loopback, change: Edit | NewKey | Renew | Suspend | Resume
) -> None:
    loopback.answers = [whole("<doc><ok/></doc>"), whole("<doc/>")]
    billing.change(change)
    with pytest.raises(MaybeDone):
        billing.change(change)
    assert [request.form["elid"] for request in loopback.requests] == ["7", "7"]


@pytest.mark.parametrize("kind", ["missed", "value"])
@pytest.mark.parametrize("name", ["licence_agreement", "agree", "conditions_agree"])
def test_an_agreement_that_a_tariff_asks_for_is_accepted(
    billing: RemoteBilling, say: Say, loopback: Loopback, kind: str, name: str
) -> None:
    refusal = f'<error type="{kind}" object="{name}"><msg>Accept the agreement</msg></error>'
    say(soft_order_param=lambda form: "<id>77</id><ok/>" if form.get(name) == "on" else refusal)
    assert billing.order(ORDER) == "77"
    first, second = (request.form for request in loopback.requests)
    assert second == {**first, name: "on"}


def test_a_data_center_that_a_tariff_asks_for_is_named(loopback: Loopback, say: Say) -> None:
    refusal = '<error type="value" object="datacenter"><msg>Choose a data center</msg></error>'
    say(soft_order_param=lambda form: "<id>77</id><ok/>" if form.get("datacenter") == "3" else refusal)
    with RemoteBilling(replace(endpoint_at(loopback.url), datacenter=3)) as billing:
        assert billing.order(ORDER) == "77"
    assert "datacenter" not in loopback.requests[0].form


def test_a_data_center_that_nobody_has_set_is_told_how_to_be_set(billing: RemoteBilling, say: Say) -> None:
    say(soft_order_param='<error type="value" object="datacenter"><msg>Choose one</msg></error>')
    with pytest.raises(ValueRefused) as refused:
        billing.order(ORDER)
    assert "datacenter" in refused.value.hint


def test_any_other_value_that_is_refused_is_sent_once(
    billing: RemoteBilling, say: Say, loopback: Loopback
) -> None:
    say(soft_order_param='<error type="value" object="ip"><msg>Invalid value</msg></error>')
    with pytest.raises(ValueRefused):
        billing.order(ORDER)
    assert len(loopback.requests) == 1


def test_an_agreement_that_is_not_enough_is_not_accepted_again(
    billing: RemoteBilling, say: Say, loopback: Loopback
) -> None:
    say(soft_order_param='<error type="missed" object="agree"><msg>Accept the agreement</msg></error>')
    with pytest.raises(NotFound):
        billing.order(ORDER)
    assert len(loopback.requests) == 2


@pytest.fixture
def seller(loopback: Loopback) -> Iterator[RemoteBilling]:
    """A remote that sells certificates."""
    endpoint = replace(endpoint_at(loopback.url), product_type=ProductType.CERTIFICATE)
    with RemoteBilling(endpoint) as billing:
        yield billing


REQUEST = CertificateRequest("-----BEGIN ...", Subject("example.com"), approver="admin@example.com")
CERTIFICATE = Order(55348, 12, "", "example.com", "cpb1-main-17-ssl-1", request=REQUEST)
KINDS = ["existing", "exists", "own"]


@pytest.mark.parametrize("error", ["missed", "value"])
@pytest.mark.parametrize("tries", [1, 2, 3])
def test_a_request_of_our_own_is_called_by_another_name_where_one_is_refused(
    seller: RemoteBilling, say: Say, loopback: Loopback, tries: int, error: str
) -> None:
    refusal = f'<error type="{error}" object="crt_type"><msg>Invalid value</msg></error>'
    say(
        certificate_order_param=lambda form: (
            "<id>77</id><ok/>" if form["crt_type"] == KINDS[tries - 1] else refusal
        )
    )
    assert seller.order(CERTIFICATE) == "77"
    first, *others = (request.form for request in loopback.requests)
    assert others == [{**first, "crt_type": kind} for kind in KINDS[1:tries]]


def test_a_request_of_our_own_that_has_no_name_there_is_certainly_not_ordered(
    seller: RemoteBilling, say: Say, loopback: Loopback
) -> None:
    say(certificate_order_param='<error type="value" object="crt_type"><msg>Invalid value</msg></error>')
    with pytest.raises(ValueRefused, match="Invalid value"):
        seller.order(CERTIFICATE)
    assert [request.form["crt_type"] for request in loopback.requests] == KINDS


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ('<error type="value" object="csr"><msg>Invalid value</msg></error>', ValueRefused),
        ('<error type="limit" object="crt_type"><msg>Too many</msg></error>', LimitRefused),
        ('<error type="whatever" object="crt_type"><msg>Failed</msg></error>', MaybeDone),
        ("<billorder>98765</billorder><ok/>", MaybeDone),
        ("", MaybeDone),
    ],
    ids=["another field", "another refusal", "an unknown error", "no id", "nothing"],
)
def test_no_other_name_is_tried_after_anything_else(
    seller: RemoteBilling, say: Say, loopback: Loopback, answer: str, error: type[RemoteError]
) -> None:
    say(certificate_order_param=answer)
    with pytest.raises(error):
        seller.order(CERTIFICATE)
    assert len(loopback.requests) == 1


def test_all_that_an_order_is_asked_for_is_answered_in_turn(
    seller: RemoteBilling, say: Say, loopback: Loopback
) -> None:
    wanted = [("agree", "on"), ("crt_type", "exists"), ("licence_agreement", "on")]

    def answer(form: dict[str, str]) -> str:
        missing = next((name for name, value in wanted if form.get(name) != value), None)
        return "<id>77</id><ok/>" if missing is None else f'<error type="missed" object="{missing}"/>'

    say(certificate_order_param=answer)
    assert seller.order(CERTIFICATE) == "77"
    assert len(loopback.requests) == 4
