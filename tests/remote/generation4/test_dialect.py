"""Generation 4 through the one face of the room, on a server that answers as a test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cpbillmgr.errors import (
    AcceptedWithoutId,
    AlreadyExists,
    ListIncomplete,
    LoginRefused,
    MaybeDone,
    NotFound,
    Refused,
    RemoteError,
    RuleRefused,
)
from cpbillmgr.model.catalogue import LIFETIME, TRIAL, Account, Tariff
from cpbillmgr.model.changes import ChangeTariff, Delete, Edit, NewKey, Order, Renew, Resume, Suspend
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.money import Money
from cpbillmgr.model.services import Status
from cpbillmgr.remote.billing import RemoteBilling
from tests.remote.conftest import endpoint_at
from tests.remote.loopback import Loopback, Request, whole

ROW = (
    "<elem><id>{}</id><ip>203.0.113.5</ip><licname>Item #17 addon vps17</licname><price>7</price>"
    "<period>8</period><expiredate>2026-12-01</expiredate><status>2</status><pricename>Lite</pricename></elem>"
)
FORM = (
    "<elid>501</elid><ip>203.0.113.5</ip><licname>Item #17 addon vps17</licname><price>7</price>"
    "<period>8</period><expiredate>2026-12-31</expiredate><status>3</status>"
)
ACCOUNT = "<elem><id>12</id><name>us</name><balance>100.00</balance><currency>Euro</currency></elem>"
ORDER = Order(7, 8, "203.0.113.5", "Item #17 addon vps17", "cpb1-main-17-panel-1")
DENIED = '<error code="6" obj="availableprice">Access denied</error>'

Say = Callable[..., None]


@pytest.fixture
def billing(loopback: Loopback) -> Iterator[RemoteBilling]:
    with RemoteBilling(replace(endpoint_at(loopback.url), generation=Generation.FOUR)) as billing:
        yield billing


@pytest.fixture
def say(loopback: Loopback) -> Say:
    """Script the remote: what it says to each function, as text or as a function of the form."""

    def script(**answers: str | Callable[[dict[str, str]], str]) -> None:
        def document(request: Request) -> str:
            said = answers[request.form["func"].replace(".", "_")]
            return f"<doc>{said if isinstance(said, str) else said(request.form)}</doc>"

        loopback.script = lambda request: whole(document(request))

    return script


def sent(loopback: Loopback) -> list[tuple[str, dict[str, str]]]:
    """Return functions and parameters that were sent, but for those of every call."""
    usual = {"authinfo", "out", "lang", "func"}
    return [
        (each.form["func"], {name: each.form[name] for name in each.form.keys() - usual})
        for each in loopback.requests
    ]


def test_the_list_is_one_document_and_needs_no_forms(
    billing: RemoteBilling, say: Say, loopback: Loopback
) -> None:
    say(software=ROW.format(501) + ROW.format(502))
    first, second = billing.licenses()
    assert (first.id, second.id, first.tariff, first.period, first.length) == ("501", "502", 7, 8, None)
    assert (first.remoteid, first.expires) == ("", date(2026, 12, 1))
    assert sent(loopback) == [("software", {})]


def test_an_account_without_licenses_has_an_empty_list(billing: RemoteBilling, say: Say) -> None:
    say(software="")
    assert billing.licenses() == []


@pytest.mark.parametrize(
    "answer", [ROW.format(501) + "<p_elems>2</p_elems>", "<p_elems>1</p_elems>", ROW.format(501) * 2]
)
def test_a_list_that_is_not_whole_is_an_error(billing: RemoteBilling, say: Say, answer: str) -> None:
    say(software=answer)
    with pytest.raises(ListIncomplete):
        billing.licenses()


def test_a_license_is_read_by_its_form(billing: RemoteBilling, say: Say, loopback: Loopback) -> None:
    say(software_edit=FORM)
    read = billing.license("501")
    assert (read.status, read.expires, read.remoteid, read.key) == (
        Status.SUSPENDED,
        date(2026, 12, 31),
        "",
        None,
    )
    assert sent(loopback) == [("software.edit", {"elid": "501"})]


def test_what_a_form_leaves_out_is_read_from_the_list(billing: RemoteBilling, say: Say) -> None:
    say(software_edit="<elid>501</elid><ip>198.51.100.7</ip>", software=ROW.format(500) + ROW.format(501))
    read = billing.license("501")
    assert (read.ip, read.status, read.expires) == ("198.51.100.7", Status.ACTIVE, date(2026, 12, 1))


def test_a_license_that_is_not_there_is_not_found(billing: RemoteBilling, say: Say) -> None:
    say(software_edit='<error code="3" obj="item">No such license</error>')
    with pytest.raises(NotFound):
        billing.license("501")


def periods(form: dict[str, str]) -> str:
    if form["elid"] == "9":
        return DENIED
    return (
        "<elem><id>7</id><per_type>trial</per_type><price_num>0</price_num></elem>"
        "<elem><id>8</id><per_type>month</per_type><p_length>1</p_length><price_num>4.00</price_num></elem>"
    )


def test_tariffs_tell_their_periods_by_id_in_the_currency_of_the_account(
    billing: RemoteBilling, say: Say
) -> None:
    listed = "<elem><id>7</id><name>Lite</name></elem><elem><id>9</id><name>Pro</name></elem>"
    say(availableprice=listed, availableprice_periods=periods, accountinfo=ACCOUNT)
    assert billing.tariffs() == {
        7: Tariff(
            7,
            "Lite",
            {7: Money(Decimal(0), "EUR"), 8: Money(Decimal("4.00"), "EUR")},
            lengths={7: TRIAL, 8: 1},
        ),
        9: Tariff(9, "Pro", {}, lengths={10: TRIAL}),
    }


def test_an_account_that_may_not_read_prices_has_known_tariffs_without_any(
    billing: RemoteBilling, say: Say
) -> None:
    say(availableprice=DENIED)
    assert billing.tariffs()[7] == Tariff(
        7, "ISPmanager 4 Lite without support", {}, lengths={7: TRIAL, 8: 1, 9: LIFETIME}
    )


def test_another_refusal_does_not_mean_that_there_are_no_prices(billing: RemoteBilling, say: Say) -> None:
    say(availableprice='<error code="8">Try again later</error>')
    with pytest.raises(RuleRefused, match="Try again later"):
        billing.tariffs()


@pytest.mark.parametrize(
    ("accounts", "balance"),
    [(ACCOUNT, Money(Decimal("100.00"), "EUR")), (ACCOUNT + ACCOUNT.replace("12", "13"), None)],
)
def test_the_balance_is_that_of_the_only_account(
    billing: RemoteBilling, say: Say, accounts: str, balance: Money | None
) -> None:
    say(accountinfo=accounts)
    assert billing.whoami() == Account("reseller", balance)


def test_a_wrong_password_is_a_refused_login(billing: RemoteBilling, say: Say) -> None:
    say(accountinfo="<authfail/>")
    with pytest.raises(LoginRefused):
        billing.whoami()


@pytest.mark.parametrize("answer", ["<ok/><id>501</id>", "<item.id>501</item.id>", "<id>501</id>"])
def test_an_order_is_an_edit_without_an_id(
    billing: RemoteBilling, say: Say, loopback: Loopback, answer: str
) -> None:
    say(software_edit=answer)
    assert billing.order(ORDER) == "501"
    params = {"price": "7", "period": "8", "licname": ORDER.name, "ip": ORDER.ip, "sok": "ok"}
    assert sent(loopback) == [("software.edit", params)]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ('<error code="1">Internal error</error>', MaybeDone),
        ('<error code="77">New error</error>', MaybeDone),
        ('<error code="2" obj="ip">exists</error>', AlreadyExists),
        ('<error code="8">The license with this IP address already exists</error>', RuleRefused),
        ("<authfail/>", LoginRefused),
        ("<ok/>", AcceptedWithoutId),
        ("", MaybeDone),
    ],
)
def test_an_order_is_refused_or_in_doubt_as_the_answer_says(
    billing: RemoteBilling, say: Say, answer: str, error: type[RemoteError]
) -> None:
    say(software_edit=answer)
    with pytest.raises(RemoteError) as caught:
        billing.order(ORDER)
    assert type(caught.value) is error


def test_an_address_is_asked_about_before_anything_is_ordered(
    billing: RemoteBilling, say: Say, loopback: Loopback
) -> None:
    say(
        software_licinfo=lambda form: "<ok/>" if form["ip"] == "203.0.113.5" else '<error code="8">No</error>'
    )
    billing.check_ip(7, 8, "203.0.113.5")
    with pytest.raises(Refused, match="No"):
        billing.check_ip(7, 8, "203.0.113.6")
    assert sent(loopback)[0][1] == {"price": "7", "period": "8", "ip": "203.0.113.5", "sok": "ok"}


def test_a_renewal_is_paid_from_the_account_at_once(
    billing: RemoteBilling, say: Say, loopback: Loopback
) -> None:
    say(accountinfo=ACCOUNT, software_period="<ok/>")
    billing.change(Renew("501", 8))
    params = {"elid": "501", "period": "8", "payfrom": "account12", "sok": "ok"}
    assert sent(loopback) == [("accountinfo", {}), ("software.period", params)]


@pytest.mark.parametrize(
    ("accounts", "reason"),
    [
        (ACCOUNT + ACCOUNT.replace("12", "13"), "which of the accounts 12, 13 pays is not known"),
        ("<elem><id>new</id></elem>", "nothing was sent"),
        ("", "nothing was sent"),
        (DENIED, "Access denied"),
    ],
)
def test_a_renewal_that_nobody_is_known_to_pay_for_is_not_sent(
    billing: RemoteBilling, say: Say, loopback: Loopback, accounts: str, reason: str
) -> None:
    say(accountinfo=accounts)
    with pytest.raises(Refused, match=reason):
        billing.change(Renew("501", 8))
    assert [func for func, _ in sent(loopback)] == ["accountinfo"]


def test_an_edit_of_the_address_keeps_the_name(billing: RemoteBilling, say: Say, loopback: Loopback) -> None:
    say(software_edit=lambda form: "<ok/>" if "sok" in form else FORM)
    billing.change(Edit("501", ip="198.51.100.7"))
    params = {"elid": "501", "licname": "Item #17 addon vps17", "ip": "198.51.100.7", "sok": "ok"}
    assert sent(loopback)[-1] == ("software.edit", params)


def test_an_edit_of_a_license_that_cannot_be_read_is_not_sent(
    billing: RemoteBilling, say: Say, loopback: Loopback
) -> None:
    say(software_edit="<elid>501</elid>", software="")
    with pytest.raises(Refused, match="nothing was sent: license 501 has an unknown status"):
        billing.change(Edit("501", ip="198.51.100.7"))
    assert all("sok" not in params for _, params in sent(loopback))


@pytest.mark.parametrize("change", [Suspend("501"), Resume("501"), Delete("501")])
def test_a_change_is_done_or_in_doubt_as_the_answer_says(
    billing: RemoteBilling, loopback: Loopback, change: Suspend | Resume | Delete
) -> None:
    loopback.answers = [whole("<doc><ok/></doc>"), whole("<doc/>")]
    billing.change(change)
    with pytest.raises(MaybeDone):
        billing.change(change)


@pytest.mark.parametrize("change", [NewKey("501"), ChangeTariff("501", 11, 16)])
def test_what_generation_4_cannot_do_is_refused_without_a_call(
    billing: RemoteBilling, loopback: Loopback, change: NewKey | ChangeTariff
) -> None:
    with pytest.raises(Refused, match="generation 4"):
        billing.change(change)
    assert loopback.requests == []


def test_there_are_no_certificates_and_so_no_files(billing: RemoteBilling, loopback: Loopback) -> None:
    assert billing.certificate_files("501") == ()
    assert loopback.requests == []
