"""What ``checkevent`` learns, finishes and tells."""

from __future__ import annotations

import json

import pytest

from tests.conftest import OpenOffice
from tests.runs.calendar import Calendar, told
from tests.runs.office import Office
from tests.runs.worlds import SUSPENDED, day, license, service, spare, strangers

OURS = license(1, "203.0.113.12", expiredate=day(300))


def an_office(open_office: OpenOffice, *licenses: dict[str, object], **facts: object) -> Office:
    """Open an office where service 12 has license 1, and everything has been looked at."""
    office = open_office(services=[service("12")], licenses=[OURS, *strangers(2), *licenses], **facts)
    assert office.run("fixchilds", "--yes").code == 0
    assert office.run("checkevent").code == 0
    office.forget_calls()
    return office


def events(office: Office) -> list[tuple[str, str, str, str]]:
    found = office.run("event", "list", "--json").json["events"]
    return [(each["license"], each["kind"], each["before"], each["after"]) for each in found]


def test_the_first_look_at_an_account_is_no_event(open_office: OpenOffice) -> None:
    assert events(an_office(open_office)) == []


def test_everything_that_others_change_is_an_event(open_office: OpenOffice) -> None:
    office = an_office(open_office)

    def change(world: dict[str, list[dict[str, object]]]) -> None:
        ours, gone, *_ = world["licenses"]
        ours.update(
            licname="theirs", ip="198.51.100.9", status=SUSPENDED, expiredate=day(30), pricelist=55228,
            lickey_change_date=day(-1), autoprolong="1",
        )  # fmt: skip
        world["licenses"].remove(gone)
        world["licenses"].append(license(77, "198.51.100.77", "new"))

    office.edit_world(change)
    result = office.run("checkevent")
    assert result.code == 0
    assert sorted(events(office)) == sorted(
        [
            ("1", "name", "bought by hand", "theirs"),
            ("1", "ip", "203.0.113.12", "198.51.100.9"),
            ("1", "status", "active", "suspended"),
            ("1", "expires", day(300), day(30)),
            ("1", "tariff", "55227", "55228"),
            ("1", "key", day(-90), day(-1)),
            ("1", "autoprolong", "off", "on"),
            ("6000", "vanished", "stranger 0", ""),
            ("77", "appeared", "", "new"),
        ]
    )
    for kind in ("name", "ip", "status", "expires", "tariff", "autoprolong"):
        assert f"license 1 was changed by somebody else: its {kind} was" in result.err
    assert "6000" not in result.err, "a stranger's license is not ours to warn of"
    assert office.run("checkevent").err == ""


def test_what_we_have_done_ourselves_is_an_event_that_names_our_operation(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.run("service", "suspend", "12")
    assert office.run("checkevent").out == ""
    [event] = office.run("event", "list", "--json").json["events"]
    assert (event["kind"], event["after"], event["operation"]) == ("status", "suspended", 1)


def test_a_license_that_has_become_ready_is_an_event_and_nothing_to_warn_of(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], open_delay_seconds=1)
    assert office.run("fixchilds", "--yes").code == 0
    office.run("checkevent")
    office.set_variant(open_delay_seconds=0)
    office.edit_world(lambda world: world["licenses"][0].update(opens_at=None))
    result = office.run("checkevent")
    assert (result.code, result.err) == (0, "")
    assert [each[1:] for each in events(office) if each[1] == "status"] == [
        ("status", "processing", "active")
    ]


@pytest.mark.parametrize("fault", ["cut-after", "cut-before"])
def test_an_order_whose_answer_was_lost_is_finished(open_office: OpenOffice, fault: str) -> None:
    office = open_office(services=[service("12")])
    calendar = Calendar(office)
    office.fault(f"{fault}:soft.order.param!")
    assert calendar.fixchilds().exit_code == 7
    codes, news = [], []
    for minutes in (5, 16, 6, 5):
        calendar.pass_by(minutes=minutes)
        report = calendar.checkevent()
        codes.append(report.exit_code)
        news += told(report)
    assert codes == ([0, 0, 0, 0] if fault == "cut-after" else [7, 7, 0, 0])
    assert (len(office.links), len(office.world["charges"])) == (1, 1)
    assert news == ([] if fault == "cut-after" else ["operation 1"])


def test_an_order_without_money_is_sent_when_there_is_enough_and_not_before(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], balance="1.00")
    assert office.run("fixchilds", "--yes").code == 69
    office.forget_calls()
    first = office.run("checkevent")
    assert (first.code, "waits for money" in first.err) == (0, True)
    assert (office.run("checkevent").err, office.writes) == ("", [])
    office.edit_world(lambda world: world["account"].update(balance="100.00"))
    result = office.run("checkevent", "--json")
    assert (result.code, result.changes) == (0, [("order", "12", "done")])
    assert office.run("checkevent", "--json").json["notices"] == []


def test_an_order_that_nobody_wants_any_more_is_not_sent(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], balance="1.00")
    office.run("fixchilds", "--yes")
    office.import_services(service("12", "nopanel"))
    office.edit_world(lambda world: world["account"].update(balance="100.00"))
    assert (office.run("checkevent").code, office.orders[1:]) == (0, [])


def test_a_take_that_was_interrupted_is_finished(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], licenses=[spare(1)])
    office.fault("cut-after:soft.edit!")
    assert office.run("fixchilds", "--yes").code == 7
    assert office.run("checkevent").code == 0
    assert office.links == {"12": "1"}


def test_a_linked_license_that_is_gone_is_told_of_and_not_bought_again(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.edit_world(lambda world: world["licenses"].pop(0))
    result = office.run("checkevent")
    assert "license 1 of service 12 is gone from the account; 'cpbillmgr fixchilds'" in result.err
    assert office.writes == []
    assert office.run("checkevent").err == ""
    assert office.run("fixchilds").code == 0
    assert office.run("checkevent").code == 0


def test_a_license_that_waits_in_the_cart_is_told_of(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], balance="1.00", no_money="cart")
    office.run("fixchilds", "--yes")
    assert "is not paid: it waits in the cart" in office.run("checkevent").err


def test_a_license_without_a_key_is_looked_at_until_it_has_one(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], licenses=strangers(1))
    office.edit_world(lambda world: world["licenses"][0].update(lickey=""))
    office.run("fixchilds", "--yes")
    office.edit_world(lambda world: world["licenses"][-1].update(lickey=""))
    assert "has no key yet" in office.run("checkevent").err
    office.forget_calls()
    assert (office.run("checkevent").err, len(office.calls("soft.edit"))) == ("", 1)
    office.edit_world(lambda world: world["licenses"][-1].update(lickey="1-2-3"))
    assert office.run("checkevent").code == 0
    office.forget_calls()
    assert (office.run("checkevent").code, office.calls("soft.edit")) == (0, [])


def test_a_move_by_hand_is_told_of_with_what_mends_it_and_not_undone(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.edit_world(lambda world: world["licenses"][0].update(ip="203.0.113.99"))
    result = office.run("checkevent")
    assert "see 'cpbillmgr license move 1 203.0.113.12'" in result.err
    assert office.writes == []
    assert office.run("license", "move", "1", "203.0.113.12").code == 0
    assert office.run("checkevent", "--json").json["notices"] == []


@pytest.mark.parametrize(
    ("mark", "who"),
    [("cpb1-other-12-panel-1", "the installation 'other'"), ("cpb1-main-99-panel-1", "of our name")],
)
def test_a_second_cpbillmgr_on_the_account_is_told_of(open_office: OpenOffice, mark: str, who: str) -> None:
    office = an_office(open_office)
    theirs = license(77, "198.51.100.77", "Item #99 addon x", remoteid=mark)
    office.edit_world(lambda world: world["licenses"].append(theirs))
    assert who in office.run("checkevent").err
    assert (office.run("checkevent").err, office.writes) == ("", [])


def test_a_license_of_its_own_is_told_of_before_it_ends(open_office: OpenOffice) -> None:
    office = open_office()
    assert office.run("order", "--ip", "203.0.113.77", "--tariff", "55227", "--period", "1").code == 0
    calendar = Calendar(office)
    calendar.pass_by(days=20)
    assert told(calendar.checkevent()) == []
    calendar.pass_by(days=5)
    assert len(told(calendar.checkevent())) == 1
    assert [each["amount"] for each in office.world["charges"]] == ["4.00"]


def test_everything_that_is_wrong_can_be_asked_for_again(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.edit_world(lambda world: world["licenses"][0].update(ip="203.0.113.99"))
    office.run("checkevent")
    assert "license move" in office.run("checkevent", "-v").err
    [notice] = office.run("checkevent", "--json").json["notices"]
    assert (notice["topic"], notice["level"], notice["new"]) == ("ip 1", "warning", False)


def test_a_remote_that_is_down_does_not_hold_up_the_other(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    text = (office.folder / "cpbillmgr.toml").read_text()
    down = text.replace("[[remote]]", "[[remote]]\nsort = 1\nparallel = 1").replace('"main"', '"down"')
    down = down.replace(json.dumps(office.url), '"http://127.0.0.1:9/manager/billmgr"')
    office.write("cpbillmgr.toml", down + "\n[[remote]]" + text.partition("[[remote]]")[2])
    office.import_services(service("12", status="suspended"))
    result = office.run("checkevent", "--json")
    assert (result.code, result.changes) == (75, [("suspend", "12", "done")])
    assert office.run("checkevent", "--remote", "main").code == 0
