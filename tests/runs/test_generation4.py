"""A remote of generation 4: periods are ids, a name is the only mark, our own records tell of changes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.report import Outcome, Report
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.runs.fixchilds import fixchilds
from cpbillmgr.runs.looking.look import Asked
from tests.conftest import OpenOffice
from tests.runs.calendar import Calendar, done
from tests.runs.meanwhile import fixchilds_while
from tests.runs.office import Office
from tests.runs.worlds import (
    A_MONTH,
    A_TRIAL,
    ACTIVE,
    FOR_LIFE,
    FREE_IP,
    FREE_NAME,
    IPS,
    OLD_LITE,
    OLD_PRO,
    PASSWORD,
    STRANGER,
    SUSPENDED,
    USER,
    Fields,
    day,
    old_license,
    old_spare,
    service,
)

IP = "203.0.113.12"  # where service 12 stands
NAME = "Item #12 addon web12"
REUSE = "Option ReUseLicense\nReusePrice 3\n"
CARRIED_OUT = ["cut-after", "500-after", "half", "empty"]
NOT_CARRIED_OUT = ["cut-before", "500-before", "503", "html", "redirect"]
STRANGERS = [
    old_license(6001, "198.51.100.1", f"{STRANGER} 1"),
    old_license(6002, "198.51.100.2", f"{STRANGER} 2"),
]


def an_office(open_office: OpenOffice, *licenses: Fields, **facts: Any) -> Office:
    """Open an office where service 12 asks for Lite, and the account has these licenses and strangers'."""
    services = facts.pop("services", [service("12", "Lite")])
    return open_office(services=services, licenses=[*licenses, *STRANGERS], generation=4, **facts)


def orders(office: Office) -> list[Fields]:
    """Return what was sent with each order: an edit of no license."""
    sent = (call["params"] for call in office.calls("software.edit"))
    return [params for params in sent if "sok" in params and "elid" not in params]


def the_license(office: Office, id: int) -> Fields:
    (found,) = office.licenses(id=id)
    return found


def charges(office: Office) -> list[str]:
    return [each["amount"] for each in office.world["charges"]]


def fix(office: Office, minutes: float = 0) -> Report:
    with office.site("fixchilds", minutes=minutes) as site:
        return fixchilds([site], Asked(confirmed=True))


def test_a_service_gets_a_license_for_the_period_of_its_length_and_keeps_it(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    result = office.run("fixchilds", "--yes", "--json")
    assert (result.code, result.changes) == (0, [("order", "12", "done")])
    (order,) = orders(office)
    asked = {name: order[name] for name in ("price", "period", "licname", "ip")}
    assert asked == {"price": str(OLD_LITE), "period": str(A_MONTH), "licname": NAME, "ip": IP}
    assert (office.links, charges(office)) == ({"12": "7000"}, ["4.00"])
    office.forget_calls()
    assert office.run("fixchilds", "--json").json["totals"]["in_sync"] == 1
    assert office.writes == []


@pytest.mark.parametrize("answer", ["id", "item.id"])
@pytest.mark.parametrize("lifetime", ["empty", "zeros", "word"])
@pytest.mark.parametrize("per_type", ["units", "words"])
def test_it_does_in_every_reading_of_the_protocol(
    open_office: OpenOffice, answer: str, lifetime: str, per_type: str
) -> None:
    spoken = {"software_answer": answer, "lifetime": lifetime, "per_type": per_type, "language": "ru"}
    spare = old_spare(2, pricelist=OLD_PRO, period=17, expiredate=None)
    services = [service("12", "Lite"), service("13", "Prof")]
    office = an_office(open_office, spare, services=services, conf=REUSE, **spoken)
    assert office.run("fixchilds", "--yes").code == 0
    assert office.links == {"12": "7000", "13": "2"}
    assert charges(office) == ["4.00"]


def test_directives_name_periods_by_id_and_by_tariff(open_office: OpenOffice) -> None:
    conf = f"Period 10 {FOR_LIFE}\nPeriod 10 16 {OLD_PRO}\nPrice ipmgr {IPS}\nPeriod ALL 1816 {IPS}\n"
    services = [
        service("12", "Lite"),
        service("13", "Prof"),
        service("14", addons=[{"id": 32, "name": "ipmgr", "kind": "logic", "value": "on"}]),
    ]
    office = an_office(open_office, services=services, conf=conf)
    assert office.run("fixchilds", "--yes").code == 0
    sent = {(each["price"], each["period"]) for each in orders(office)}
    assert sent == {("7", "9"), ("11", "16"), ("2891", "1816")}
    assert sorted(charges(office)) == ["120.00", "30.00", "8.00"]


def test_a_length_that_the_remote_does_not_have_is_refused_with_those_that_it_has(
    open_office: OpenOffice,
) -> None:
    office = an_office(open_office, services=[service("12", "Lite", months=12)])
    result = office.run("fixchilds", "--yes")
    assert result.code == 78
    assert "period 7 (trial), period 8 (1 month), period 9 (lifetime)" in result.err
    assert office.writes == []


def test_what_is_paid_on_its_address_already_is_linked(open_office: OpenOffice) -> None:
    office = an_office(open_office, old_license(1, IP))
    assert office.run("fixchilds", "--yes", "--json").changes == [("link", "12", "done")]
    assert (office.links, office.writes) == ({"12": "1"}, [])


@pytest.mark.parametrize("fault", CARRIED_OUT)
def test_an_order_whose_answer_was_lost_is_found_by_its_name(open_office: OpenOffice, fault: str) -> None:
    office = an_office(open_office)
    office.fault(f"{fault}:software.edit!")
    assert fix(office).exit_code == 7
    assert fix(office).exit_code == 0
    assert (office.links, len(orders(office)), charges(office)) == ({"12": "7000"}, 1, ["4.00"])
    assert [operation.state for operation in office.operations] == [State.DONE]


@pytest.mark.parametrize("fault", NOT_CARRIED_OUT)
def test_one_that_never_arrived_is_sent_once_more_when_two_lists_lack_it(
    open_office: OpenOffice, fault: str
) -> None:
    office = an_office(open_office)
    office.fault(f"{fault}:software.edit!")
    assert fix(office).exit_code == 7
    for minutes in (1, 14, 16, 20):
        assert fix(office, minutes).count(Outcome.HELD) == 1
    assert len(orders(office)) == 1
    assert fix(office, 22).exit_code == 0
    assert (len(orders(office)), charges(office)) == (2, ["4.00"])


def test_what_is_refused_in_words_after_a_doubt_may_be_the_first_order_that_has_arrived(
    open_office: OpenOffice,
) -> None:
    """It arrives when the address has been asked about, and before the order is sent once more."""
    office = an_office(open_office)
    office.fault("cut-before:software.edit!")
    for minutes in (0, 16):
        fix(office, minutes)

    def arrives(newest: Operation) -> None:
        if newest.sends == 2 and not charges(office):
            office.edit_world(lambda world: world["licenses"].append(old_license(1, IP, NAME)))
            charge = {"time": f"{day(0)}T12:00:00+00:00", "func": "software.edit", "license": 1}
            office.edit_world(lambda world: world["charges"].append({**charge, "amount": "4.00"}))

    assert fixchilds_while(office, arrives, minutes=22).exit_code == 7
    assert fix(office, 23).exit_code == 0
    assert (office.links, len(orders(office)), charges(office)) == ({"12": "1"}, 2, ["4.00"])


def test_one_that_the_account_does_not_cover_after_a_doubt_certainly_did_not_happen(
    open_office: OpenOffice,
) -> None:
    office = an_office(open_office, balance="1.00")
    office.fault("cut-before:software.edit!")
    assert [fix(office, minutes).exit_code for minutes in (0, 16, 22)] == [7, 7, 69]
    assert len(orders(office)) == 2
    assert [(each.state, each.failure) for each in office.operations] == [(State.FAILED, "money")]


def test_an_error_of_an_unknown_code_leaves_an_order_in_doubt(open_office: OpenOffice) -> None:
    office = an_office(open_office, balance="1.00", refusal="unlisted")
    report = fix(office)
    assert (report.exit_code, report.count(Outcome.IN_DOUBT)) == (7, 1)
    assert charges(office) == []


def test_a_refusal_in_words_is_for_want_of_money_when_the_account_has_too_little(
    open_office: OpenOffice,
) -> None:
    office = an_office(open_office, balance="1.00")
    result = office.run("fixchilds", "--yes", "--json")
    assert result.code == 69
    assert result.json["error"]["kind"] == "money"
    office.edit_world(lambda world: world["account"].update(balance="9.00"))
    assert office.run("checkevent", "--json").changes == [("order", "12", "done")]
    assert charges(office) == ["4.00"]


def test_an_order_that_waits_in_the_cart_is_told(open_office: OpenOffice) -> None:
    office = an_office(open_office, balance="1.00", no_money="cart")
    result = office.run("fixchilds", "--yes")
    assert (result.code, "is not paid" in result.err + result.out) == (69, True)
    assert office.run("fixchilds", "--json").changes == [("order", "12", "held")]
    assert charges(office) == []


def test_two_products_of_one_service_are_told_apart_by_their_tariffs(open_office: OpenOffice) -> None:
    addons = [
        {"id": 31, "name": "panel", "kind": "enumeration", "value": "Lite"},
        {"id": 32, "name": "ipmgr", "kind": "enumeration", "value": str(IPS)},
    ]
    office = an_office(open_office, services=[service("12", addons=addons)])
    office.fault("cut-after:software.edit!")
    assert fix(office).exit_code == 7
    assert fix(office).exit_code == 0
    assert sorted(charges(office)) == ["3.00", "4.00"]
    assert {each["licname"] for each in office.licenses() if each["id"] >= 7000} == {NAME}


def test_two_add_ons_of_one_service_that_want_the_same_tariff_are_held(open_office: OpenOffice) -> None:
    addons = [
        {"id": 31, "name": "panel", "kind": "enumeration", "value": "Lite"},
        {"id": 32, "name": "ispmgr", "kind": "enumeration", "value": "Lite"},
    ]
    office = an_office(open_office, services=[service("12", addons=addons)])
    result = office.run("fixchilds", "--yes", "--json")
    assert result.changes == [("order", "12", "held"), ("order", "12", "held")]
    office.edit_world(lambda world: world["licenses"].append(old_license(1, "198.51.100.9", NAME)))
    result = office.run("fixchilds", "--yes", "--json")
    assert result.changes == [("link", "12", "held"), ("link", "12", "held")]
    assert office.writes == []


def test_after_a_lost_state_every_link_is_found_by_name_and_address(open_office: OpenOffice) -> None:
    services = [service(str(number), "Lite") for number in range(12, 32)]
    office = an_office(open_office, services=services)
    assert office.run("fixchilds", "--yes").code == 0
    links = office.links
    office.lose_state()
    office.import_services(*services)
    office.forget_calls()
    assert office.run("fixchilds", "--yes").code == 0
    assert (office.links, office.writes) == (links, [])


def test_a_license_of_the_pool_is_named_moved_and_started_and_no_key_is_asked_for(
    open_office: OpenOffice,
) -> None:
    office = an_office(open_office, old_spare(2), conf=REUSE)
    assert office.run("fixchilds", "--yes", "--json").changes == [("take", "12", "done")]
    taken = the_license(office, 2)
    assert (taken["licname"], taken["ip"], taken["status"]) == (NAME, IP, ACTIVE)
    assert [call["func"] for call in office.writes] == ["software.edit", "software.enable"]
    assert (office.links, charges(office)) == ({"12": "2"}, [])


@pytest.mark.parametrize(
    "fault", ["cut-after:software.edit!", "cut-after:software.enable", "500-before:software.enable"]
)
def test_a_take_whose_answer_was_lost_goes_on(open_office: OpenOffice, fault: str) -> None:
    office = an_office(open_office, old_spare(2), conf=REUSE)
    office.fault(fault)
    assert fix(office).exit_code == 7
    assert fix(office).exit_code == 0
    taken = the_license(office, 2)
    assert (taken["licname"], taken["ip"], taken["status"]) == (NAME, IP, ACTIVE)
    assert (office.links, charges(office)) == ({"12": "2"}, [])


def test_without_its_option_the_pool_is_not_used(open_office: OpenOffice) -> None:
    office = an_office(open_office, old_spare(2))
    assert office.run("fixchilds", "--yes", "--json").changes == [("order", "12", "done")]


def test_a_trial_in_the_pool_is_told_by_the_price_list_and_left_there(open_office: OpenOffice) -> None:
    office = an_office(open_office, old_spare(2, period=A_TRIAL), conf=REUSE)
    assert office.run("fixchilds", "--yes", "--json").changes == [("order", "12", "done")]


def test_a_license_that_we_freed_ourselves_rests_for_a_month(open_office: OpenOffice) -> None:
    """The remote tells no days of changes: our own records do."""
    office = an_office(
        open_office,
        old_license(1, IP, expiredate=day(100)),
        services=[service("12", "Lite"), service("13", "Lite")],
        conf=REUSE,
    )
    office.edit_world(lambda world: world["account"].update(balance="0.00"))
    calendar = Calendar(office)
    calendar.fixchilds()
    assert office.links == {"12": "1"}
    assert office.run("service", "close", "12").code == 0
    freed = the_license(office, 1)
    assert (freed["licname"], freed["ip"], freed["status"]) == (FREE_NAME, FREE_IP, SUSPENDED)
    calendar.pass_by(days=30)
    office.forget_calls()
    assert done(calendar.fixchilds()) == []
    assert not [call for call in office.writes if call["params"].get("elid") == "1"]
    calendar.pass_by(days=3)
    assert done(calendar.fixchilds()) == [("take", "1")]
    assert office.links == {"13": "1"}


def test_a_license_that_somebody_was_seen_to_move_rests_for_a_month_too(open_office: OpenOffice) -> None:
    office = an_office(
        open_office, old_license(2, "198.51.100.9", FREE_NAME, expiredate=day(100)), conf=REUSE
    )
    calendar = Calendar(office)
    calendar.checkevent()
    office.edit_world(lambda world: world["licenses"][0].update(ip=FREE_IP))
    calendar.pass_by(minutes=5)
    calendar.checkevent()
    (shown,) = [
        each for each in office.run("license", "list", "--json").json["licenses"] if each["id"] == "2"
    ]
    assert (shown["ip_changed"], shown["usable_from"] > day(31)) == (str(calendar.today), True)
    assert office.run("fixchilds", "--yes", "--json").changes == [("order", "12", "done")]


def test_a_refusal_of_the_pools_license_is_final_and_the_next_one_is_tried(open_office: OpenOffice) -> None:
    """The remote knows of a change that we have never seen."""
    moved = {"ip_change_date": day(-3), "expiredate": day(300)}
    office = an_office(open_office, old_spare(2, **moved), old_spare(3), conf=REUSE)
    assert office.run("fixchilds", "--yes", "--json").changes == [("take", "12", "done")]
    assert office.links == {"12": "3"}


def test_an_order_that_arrives_after_it_was_given_up_goes_into_the_pool(open_office: OpenOffice) -> None:
    """Its service has moved meanwhile, and so could be given another license."""
    office = an_office(open_office, conf=REUSE)
    office.fault("cut-before:software.edit!")
    fix(office)
    for minutes in (16, 22):
        fix_nothing(office, minutes)
    (lost,) = office.operations
    assert (lost.state, office.run("operation", "cancel", str(lost.id)).code) == (State.ABSENT, 0)
    assert office.run("service", "set", "12", "ip=203.0.113.99").code == 0
    assert fix(office, 30).exit_code == 0
    late = old_license(1, IP, NAME)
    strange = old_license(2, "198.51.100.9", NAME)
    office.edit_world(lambda world: world["licenses"].extend([late, strange]))
    assert office.run("fixchilds", "--json").changes == [("release", "license:1", "done")]
    assert (office.links, the_license(office, 1)["licname"]) == ({"12": "7000"}, FREE_NAME)
    assert the_license(office, 2)["licname"] == NAME, "nobody here has ordered it"


def fix_nothing(office: Office, minutes: float) -> None:
    """Look, and write down what that tells of open operations, but carry nothing out."""
    with office.site("fixchilds", minutes=minutes) as site:
        fixchilds([site], Asked(Scope(link_only=True), confirmed=True))


def test_a_filter_at_the_remote_that_hides_a_license_stops_everything(open_office: OpenOffice) -> None:
    office = an_office(open_office, old_license(1, IP))
    assert office.run("fixchilds", "--yes").code == 0
    hide = {"func": "software.filter", "expires": day(300), "expiree": day(400), "sok": "ok"}
    form = urlencode({"authinfo": f"{USER}:{PASSWORD}", "out": "xml", **hide})
    with urlopen(office.url, form.encode(), timeout=10) as answer:  # noqa: S310 - a sandbox on loopback
        assert b"<ok" in answer.read()
    office.forget_calls()
    result = office.run("fixchilds", "--yes")
    assert (result.code, "Remove the filter" in result.err) == (76, True)
    assert office.writes == []


def test_the_wishes_are_checked_against_what_the_remote_sells(open_office: OpenOffice) -> None:
    office = an_office(open_office, conf=f"Period 10 {FOR_LIFE} {OLD_LITE}\n")
    checked = office.run("config", "check")
    assert (checked.code, "logged in as reseller" in checked.out) == (0, True)
    office.write("cpbillmgr.conf", f"Period 10 16 {OLD_LITE}\n")
    assert office.run("config", "check").code == 78
    explained = office.run("config", "explain", "Prof", "--months", "1", "--json").json
    assert (explained["tariff"]["value"], explained["period"]["value"]) == (OLD_PRO, 16)


def test_one_license_is_ordered_on_its_own(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    words = ("order", "--ip", "203.0.113.77", "--tariff", str(OLD_LITE), "--period", str(A_MONTH))
    assert office.run(*words, "-q").out.strip() == "7000"
    assert office.run(*words, "-q").out.strip() == "7000"
    assert charges(office) == ["4.00"]
