"""Several remotes that sell the same: which one is used, and when another one is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from cpbillmgr.model.operations import State
from cpbillmgr.model.report import Report
from cpbillmgr.runs.checkevent import Asked as ToCheck
from cpbillmgr.runs.checkevent import check_all
from cpbillmgr.runs.fixchilds import fixchilds
from cpbillmgr.runs.looking.look import Asked
from tests.conftest import OpenOffice, OpenOffices
from tests.runs.office import Office
from tests.runs.worlds import A_MONTH, FREE_IP, LITE, OLD_LITE, PRO, Fields, day, license, service, spare

NOBODY = "http://127.0.0.1:9/billmgr"  # the discard port: nothing listens there
TWO = [service("12"), service("13", str(PRO))]
BOTH = [("7000", "main"), ("8000", "away")]


@pytest.fixture
def far(open_office: OpenOffice) -> Office:
    """A third remote, which comes last."""
    return open_office(next_id=9000)


def sells_no(tariff: int) -> Callable[[Fields], None]:
    """Let a remote sell this tariff no more."""

    def change(world: Fields) -> None:
        world["tariffs"] = [each for each in world["tariffs"] if each["id"] != tariff]

    return change


def costs(price: str) -> Callable[[Fields], None]:
    """Let a month of the small tariff cost something else."""
    return lambda world: world["tariffs"][0]["prices"].update({"1": price})


def lose_the_way_to(office: Office) -> None:
    """Let the office's own remote not answer."""
    text = office.settings.read_text(encoding="utf-8")
    office.write("cpbillmgr.toml", text.replace(json.dumps(office.url), json.dumps(NOBODY)))


def where_it_was_bought(changes: list[Fields]) -> dict[str, str]:
    return {each["service"]: each["remote"] for each in changes}


def look(office: Office, *minutes: float) -> list[int]:
    """Run ``fixchilds`` at these times; return the exit codes."""
    codes = []
    for each in minutes:
        with office.sites("fixchilds", minutes=each) as sites:
            codes.append(fixchilds(sites, Asked(confirmed=True)).exit_code)
    return codes


def test_the_first_that_can_sell_a_license_is_used(open_offices: OpenOffices) -> None:
    main, away = open_offices(TWO)
    main.edit_world(sells_no(PRO))
    result = main.run("fixchilds", "--yes", "--json")
    assert (result.code, result.err) == (0, "")
    assert where_it_was_bought(result.json["changes"]) == {"12": "main", "13": "away"}
    assert result.json["cost"] == [{"amount": "12.10", "currency": "EUR"}]
    assert (main.links, away.links) == ({"12": "7000"}, {"13": "8000"})


def test_a_second_run_finds_everything_done_at_both(open_offices: OpenOffices) -> None:
    main, away = open_offices(TWO)
    main.edit_world(sells_no(PRO))
    main.run("fixchilds", "--yes")
    for each in (main, away):
        each.forget_calls()
    again = main.run("fixchilds", "--json")
    assert (again.code, again.changes, again.json["totals"]["in_sync"]) == (0, [], 2)
    assert (main.writes, away.writes) == ([], [])


@pytest.mark.parametrize(("sort", "first"), [(100, "main"), (200, "away"), (300, "away")])
def test_the_lowest_sort_comes_first_then_the_name(open_offices: OpenOffices, sort: int, first: str) -> None:
    main, _ = open_offices([service("12")])
    main.set_settings(sort=sort)
    result = main.run("fixchilds", "--yes", "--json")
    assert where_it_was_bought(result.json["changes"]) == {"12": first}


def test_what_one_has_no_money_for_is_ordered_at_the_next(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12"), service("13")], main={"balance": "3.99"})
    result = main.run("fixchilds", "--yes", "--json")
    assert (result.code, result.changes) == (0, [("order", "12", "done"), ("order", "13", "done")])
    assert where_it_was_bought(result.json["changes"]) == {"12": "away", "13": "away"}
    assert all(each["because"].startswith("main has refused: ") for each in result.json["changes"])
    assert [warning for warning in result.json["warnings"] if "asked for at away instead: 2" in warning]
    assert {each.remote for each in main.operations if each.state is State.FAILED} == {"main"}
    assert (main.links, set(away.links)) == ({}, {"12", "13"})


def test_what_was_bought_elsewhere_waits_for_money_no_more(open_offices: OpenOffices) -> None:
    main, _ = open_offices([service("12")], main={"balance": "3.99"})
    main.run("fixchilds", "--yes")
    assert main.run("checkevent").err == ""
    main.edit_world(lambda world: world["account"].update(balance="100.00"))
    main.forget_calls()
    assert main.run("checkevent", "--full").code == 0
    assert main.writes == []


def test_a_remote_that_does_not_answer_is_left_out_and_told(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12")], main={"licenses": [license(1, "203.0.113.12")]})
    assert main.run("fixchilds", "--yes").code == 0
    main.import_services(*TWO)
    lose_the_way_to(main)
    result = main.run("fixchilds", "--yes", "--json")
    assert (result.code, result.json["error"]["kind"]) == (75, "unreachable")
    assert where_it_was_bought(result.json["changes"]) == {"13": "away"}
    assert away.links == {"13": "8000"}


@pytest.mark.parametrize("words", [["fixchilds", "--yes"], ["checkevent"], ["audit"]], ids=str)
def test_when_two_cannot_be_asked_both_are_told_and_what_a_person_mends_is_the_error(
    open_offices: OpenOffices, far: Office, words: list[str]
) -> None:
    main, _ = open_offices([service("12")])
    main.add_remote(far, "far", sort=300)
    main.run("fixchilds", "--yes")
    far.write("password", "another one\n")
    lose_the_way_to(main)
    result = main.run(*words, "--json")
    assert (result.code, result.json["error"]["kind"]) == (77, "login")
    assert ("main: " in result.err or "(main)" in result.err, "another one" in result.err) == (True, False)


def test_a_remote_that_was_never_looked_at_keeps_everybody_waiting(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12")])
    lose_the_way_to(main)
    assert (main.run("fixchilds", "--yes").code, away.writes) == (75, [])


def test_a_refused_login_leaves_a_remote_out(open_offices: OpenOffices) -> None:
    main, away = open_offices([])
    main.run("fixchilds", "--yes")
    main.import_services(service("12"))
    main.write("password", "another one\n")
    result = main.run("fixchilds", "--yes", "--json")
    assert (result.code, result.changes) == (77, [("order", "12", "done")])
    assert away.links == {"12": "8000"}


@pytest.mark.parametrize("loss", ["cut-before", "cut-after", "500-before", "500-after", "empty"])
def test_an_order_whose_answer_was_lost_is_never_tried_at_the_other(
    open_offices: OpenOffices, loss: str
) -> None:
    main, away = open_offices([service("12")])
    main.fault(f"{loss}:soft.order.param!")
    assert look(main, 0)[0] == 7
    look(main, 1, 17, 23, 24)
    assert (main.links, away.links) == ({"12": "7000"}, {})
    assert away.orders == []
    assert [each["amount"] for each in main.world["charges"]] == ["4.00"]


def refused_after_a_doubt(main: Office) -> None:
    """Let the first remote lose an order, and refuse it when it is sent once more."""
    main.fault("500-before:soft.order.param!:1")
    assert look(main, 0) == [7]
    main.edit_world(lambda world: world["account"].update(balance="1.00"))
    assert look(main, 1, 17, 23) == [7, 7, 69]


def late_arrival(world: Fields) -> None:
    """Let the order that was lost arrive after all."""
    late = license(7999, "203.0.113.12", "Item #12 addon web12", remoteid="cpb1-main-12-panel-1")
    world["licenses"].append(late)


def test_an_order_that_was_lost_is_not_tried_at_the_other_when_it_is_refused_at_last(
    open_offices: OpenOffices,
) -> None:
    main, away = open_offices([service("12")])
    refused_after_a_doubt(main)
    assert look(main, 24) == [69], "nor later: the first one may arrive yet"
    assert (away.orders, away.links) == ([], {})
    main.edit_world(late_arrival)
    assert (look(main, 25), main.links) == ([0], {"12": "7999"})


@pytest.mark.parametrize("words", [["fixchilds"], ["checkevent"]], ids=str)
def test_what_arrives_late_when_another_was_bought_elsewhere_goes_into_the_pool(
    open_offices: OpenOffices, words: list[str]
) -> None:
    main, away = open_offices([service("12")])
    refused_after_a_doubt(main)
    assert main.run("order", "--service", "12", "--remote", "away").code == 0
    main.edit_world(late_arrival)
    audited = main.run("audit", "--json").json["findings"]
    assert [(each["class"], each["license"]) for each in audited] == [("double", "7999")]
    assert main.run("audit", "--expect-clean").code != 0
    assert main.run(*words, "--json").changes == [("release", "license:7999", "done")]
    (freed,) = main.licenses(id=7999)
    assert (freed["ip"], main.links, away.links) == (FREE_IP, {}, {"12": "8000"})


def test_two_licenses_with_one_mark_are_one_linked_and_one_in_the_pool_when_the_state_is_lost(
    open_offices: OpenOffices,
) -> None:
    main, away = open_offices([service("12")])
    main.edit_world(late_arrival)
    away.edit_world(late_arrival)
    away.edit_world(lambda world: world["licenses"][0].update(id=8999))
    assert main.run("fixchilds", "--yes").code == 0
    assert main.run("fixchilds", "--yes", "--json").changes == [("release", "license:8999", "done")]
    assert (main.links, away.links) == ({"12": "7999"}, {})


def test_a_remote_that_has_another_name_by_now_gives_nothing_up(open_offices: OpenOffices) -> None:
    main, _ = open_offices([service("12")])
    assert main.run("fixchilds", "--yes").code == 0
    main.set_settings(name="renamed")
    main.forget_calls()
    for words in (["fixchilds", "--yes"], ["checkevent"]):
        main.run(*words)
    assert main.writes == []


def test_not_even_a_remote_that_fails_while_its_order_is_in_doubt_is_stood_in_for(
    open_offices: OpenOffices,
) -> None:
    main, away = open_offices([service("12")])
    main.fault("cut-after:soft.order.param!")
    assert look(main, 0) == [7]
    lose_the_way_to(main)
    assert look(main, 1, 17, 23) == [75, 75, 75]
    assert away.writes == []
    main.set_settings()
    assert (look(main, 24), main.links) == ([0], {"12": "7000"})


def test_an_order_that_waits_in_the_cart_is_not_bought_at_the_next(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12")], main={"balance": "3.99", "no_money": "cart"})
    assert main.run("fixchilds", "--yes").code == 69
    assert main.run("fixchilds", "--yes").code == 3
    assert (away.orders, len(main.orders)) == ([], 1)


def test_an_address_that_has_a_license_has_it_at_every_remote(open_offices: OpenOffices) -> None:
    taken = license(1, "203.0.113.12", "another client's", owner="somebody")
    main, away = open_offices([service("12")], main={"licenses": [taken]})
    assert main.run("fixchilds", "--yes").code == 3
    assert (main.orders, away.orders) == ([], [])


def test_what_is_in_the_way_at_one_is_in_the_way_at_all(open_offices: OpenOffices) -> None:
    other = license(1, "203.0.113.12", pricelist=PRO)
    main, away = open_offices([service("12")], away={"licenses": [other]})
    result = main.run("fixchilds", "--yes", "--json")
    assert (result.code, result.changes) == (3, [("order", "12", "held")])
    assert (main.orders, away.orders) == ([], [])


def test_a_license_that_is_there_is_linked_wherever_it_is(open_offices: OpenOffices) -> None:
    main, away = open_offices(
        [service("12")],
        main={"licenses": [spare(1)]},
        away={"licenses": [license(2, "203.0.113.12")]},
    )
    result = main.run("fixchilds", "--yes", "--json")
    assert (result.changes, away.links) == ([("link", "12", "done")], {"12": "2"})
    assert (main.writes, away.writes) == ([], [])


def test_a_license_stays_with_its_remote(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12")])
    main.edit_world(sells_no(LITE))
    main.run("fixchilds", "--yes")
    main.edit_world(
        lambda world: world["tariffs"].append({"id": LITE, "name": "lite", "prices": {"1": "0.01"}})
    )
    away.edit_world(lambda world: world["licenses"].clear())
    assert look(main, 0, 20)[-1] == 0
    assert (main.orders, len(away.orders)) == ([], 2)


@pytest.mark.parametrize(
    ("limit", "told"), [("--max-spend=12.09", "--max-spend 12.10"), ("--max-orders=1", "--max-orders 2")]
)
def test_limits_count_over_both(open_offices: OpenOffices, limit: str, told: str) -> None:
    main, away = open_offices(TWO)
    main.edit_world(sells_no(PRO))
    result = main.run("fixchilds", "--yes", limit)
    assert (result.code, told in result.err) == (5, True)
    assert (main.writes, away.writes, main.operations) == ([], [], [])


def test_what_is_too_dear_at_the_next_is_not_asked_for_there(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12"), service("13", str(PRO))], main={"balance": "1.00"})
    main.edit_world(sells_no(PRO))
    away.edit_world(costs("6.00"))
    away.edit_world(lambda world: world["tariffs"][1]["prices"].update({"1": "6.00"}))
    result = main.run("fixchilds", "--yes", "--max-spend", "10.00", "--json")
    assert (result.code, result.changes) == (69, [("order", "12", "failed"), ("order", "13", "done")])
    (warning,) = [each for each in result.json["warnings"] if "away is not asked instead" in each]
    assert "the plan costs 12.00 EUR, the limit is 10.00" in warning
    assert [each["amount"] for each in away.world["charges"]] == ["6.00"]


def test_when_the_next_is_too_dear_the_one_after_it_is_asked(open_offices: OpenOffices, far: Office) -> None:
    main, away = open_offices([service("12"), service("13", str(PRO))], main={"balance": "1.00"})
    main.add_remote(far, "far", sort=300)
    main.edit_world(sells_no(PRO))
    away.edit_world(costs("50.00"))
    away.edit_world(sells_no(PRO))
    result = main.run("fixchilds", "--yes", "--max-spend", "20.00", "--json")
    assert (result.code, where_it_was_bought(result.json["changes"])) == (0, {"12": "far", "13": "far"})


def test_a_person_is_asked_again_and_told_of_which_remote(open_offices: OpenOffices) -> None:
    main, _ = open_offices([service("12")], main={"balance": "1.00"})
    questions: list[Report] = []

    def agree(report: Report) -> bool:
        questions.append(report)
        return True

    with main.sites("fixchilds") as sites:
        fixchilds(sites, Asked(agree=agree))
    assert [each.rows[0].decision.child.remote for each in questions] == ["main", "away"]
    assert all(each.is_of_several for each in questions)


def test_a_remote_that_nobody_has_agreed_to_is_not_asked_unattended(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("11")])
    main.run("fixchilds", "--yes")
    main.import_services(service("12"))
    main.edit_world(lambda world: world["account"].update(balance="1.00"))
    result = main.run("fixchilds")
    assert (result.code, "--yes" in result.err, away.orders) == (69, True, [])
    assert main.run("fixchilds", "--yes").code == 0
    main.import_services(service("13"))
    assert main.run("fixchilds").code == 0
    assert set(away.links) == {"12", "13"}


def test_each_remote_reads_its_own_directives(open_offices: OpenOffices) -> None:
    main, away = open_offices(
        [service("12", "Small"), service("13", "Old")],
        main={"conf": f"Price Small {PRO}\n"},
        away={"conf": f"Price Old {OLD_LITE}\nPeriod ALL {A_MONTH} {OLD_LITE}\n", "generation": 4},
    )
    assert main.run("fixchilds", "--yes").code == 0
    assert [order["pricelist"] for order in main.orders] == [str(PRO)]
    (bought,) = away.licenses(ip="203.0.113.13")
    assert (bought["pricelist"], bought["period"]) == (OLD_LITE, A_MONTH)


def test_a_name_that_no_remote_understands_stops_everything(open_offices: OpenOffices) -> None:
    main, away = open_offices(
        [service("12", "Small"), service("13", "Nonsense")], away={"conf": f"Price Small {PRO}\n"}
    )
    result = main.run("fixchilds", "--yes")
    assert (result.code, "service 13" in result.err, "service 12" in result.err) == (78, True, False)
    assert (main.writes, away.writes) == ([], [])


def test_a_run_for_one_remote_is_not_stopped_by_what_another_may_sell(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12", "Small"), service("13")], away={"conf": f"Price Small {PRO}\n"})
    result = main.run("fixchilds", "--yes", "--remote", "main")
    assert (result.code, result.err.count("the name 'Small' means no remote tariff")) == (0, 1)
    assert (main.links, away.links) == ({"13": "7000"}, {})
    named = main.run("fixchilds", "--service", "12", "--remote", "main")
    assert (named.code, "service 12" in named.err) == (78, True)
    assert main.run("fixchilds", "--yes").code == 0
    assert main.run("fixchilds", "--remote", "main").err == "", "its license is at the other"


@pytest.mark.parametrize(
    "words",
    [
        ["order", "--service", "13"],
        ["order", "--service", "13", "--remote", "main"],
        ["fixchilds", "--yes", "--service", "13"],
        ["operation", "restart", "1"],
    ],
    ids=" ".join,
)
def test_nothing_is_told_of_another_service_that_another_remote_can_sell_to(
    open_offices: OpenOffices, words: list[str]
) -> None:
    main, _ = open_offices([service("13")], main={"balance": "1.00"}, away={"conf": f"Price Small {PRO}\n"})
    assert main.run("order", "--service", "13", "--remote", "main").code == 69
    main.edit_world(lambda world: world["account"].update(balance="100.00"))
    main.import_services(service("12", "Small"), service("13"))
    result = main.run(*words)
    assert (result.code, result.err, main.links) == (0, "", {"13": "7000"})


def test_what_no_remote_can_sell_to_another_service_is_told_once(open_offices: OpenOffices) -> None:
    main, _ = open_offices([service("12", "Nonsense"), service("13")])
    result = main.run("order", "--service", "13")
    assert (result.code, result.err.count("the name 'Nonsense' means no remote tariff")) == (0, 1)


def test_a_check_finds_wrong_what_no_remote_can_meet(open_offices: OpenOffices) -> None:
    main, _ = open_offices(
        [service("12", "Small"), service("13", str(LITE))], away={"conf": f"Price Small {PRO}\n"}
    )
    result = main.run("config", "check", "--json")
    assert (result.code, result.json["account"]) == (0, "reseller, reseller")
    assert main.run("config", "check", "--remote", "main").code == 78
    main.import_services(service("12", "Nonsense"))
    result = main.run("config", "check")
    assert (result.code, result.err.count("service 12")) == (78, 1)


def test_one_directive_file_by_option_means_one_remote(open_offices: OpenOffices) -> None:
    main, _ = open_offices([service("12")])
    result = main.run("fixchilds", "--yes", "--conf", "cpbillmgr5.conf")
    assert (result.code, "--remote" in result.err) == (2, True)
    assert main.run("fixchilds", "--yes", "--conf", "cpbillmgr5.conf", "--remote", "main").code == 0


@pytest.mark.parametrize("words", [["fixchilds", "--yes"], ["order", "--service", "12"]], ids=" ".join)
def test_a_person_can_say_which_remote(open_offices: OpenOffices, words: list[str]) -> None:
    main, away = open_offices([service("12")])
    assert main.run(*words, "--remote", "away").code == 0
    assert (main.calls(), away.links) == ([], {"12": "8000"})


def test_an_order_for_a_service_goes_to_the_next_remote_too(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12")], main={"balance": "1.00"})
    result = main.run("order", "--service", "12", "-q")
    assert (result.code, result.out) == (0, "8000\n")
    assert main.run("order", "--service", "12", "-q").out == "8000\n"
    assert len(away.orders) == 1


@pytest.mark.parametrize(("tariff", "period"), [(LITE, "1"), (PRO, "12")], ids=["tariff", "period"])
def test_an_order_on_its_own_goes_to_the_first_remote_that_can_sell_it(
    open_offices: OpenOffices, tariff: int, period: str
) -> None:
    main, away = open_offices([])
    main.edit_world(offers_no(LITE))
    main.edit_world(is_for_no("12"))
    alone = ["order", "--ip", "203.0.113.50", "--tariff", str(tariff), "--period", period, "-q"]
    for _ in range(2):
        result = main.run(*alone)
        assert (result.code, result.out, result.err) == (0, "8000\n", "")
    assert (main.orders, len(away.orders)) == ([], 1)
    away.edit_world(offers_no(LITE))
    unsold = main.run("order", "--ip", "203.0.113.51", "--tariff", str(LITE), "--period", "1")
    assert (unsold.code, f"no remote sells tariff {LITE} (main, away)" in unsold.err) == (2, True)


def is_for_no(length: str) -> Callable[[Fields], None]:
    """Let a remote sell no tariff for this long any more."""

    def change(world: Fields) -> None:
        for tariff in world["tariffs"]:
            tariff["prices"].pop(length, None)

    return change


def test_an_order_on_its_own_goes_to_the_next_remote_too(open_offices: OpenOffices) -> None:
    main, away = open_offices([], main={"balance": "1.00"})
    result = main.run("order", "--ip", "203.0.113.50", "--tariff", str(LITE), "--period", "1", "-q")
    assert (result.code, result.out, len(away.orders)) == (0, "8000\n", 1)


def test_an_order_is_not_given_at_another_remote_than_the_license_is(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12")])
    main.run("order", "--service", "12")
    result = main.run("order", "--service", "12", "--remote", "away")
    assert (result.code, away.orders) == (2, [])
    assert "license 7000 at remote main" in result.err


def offers_no(tariff: int) -> Callable[[Fields], None]:
    """Let a remote sell this tariff no more, though it has licenses of it."""

    def change(world: Fields) -> None:
        next(each for each in world["tariffs"] if each["id"] == tariff)["orderable"] = False

    return change


def no_small_one(main: Office) -> None:
    """Let the first remote sell the small panel no more, which the other one does."""
    main.edit_world(offers_no(LITE))


def another_panel(main: Office) -> None:
    """Let the service ask for what the other remote alone sells."""
    main.import_services(service("12", str(PRO)), service("13"))
    main.edit_world(offers_no(PRO))


@pytest.mark.parametrize("change", [no_small_one, another_panel])
def test_a_wish_that_another_remote_could_meet_but_not_its_own_is_told(
    open_offices: OpenOffices, change: Callable[[Office], None]
) -> None:
    main, away = open_offices([service("12"), service("13")])
    assert main.run("order", "--service", "12").code == 0
    change(main)
    result = main.run("fixchilds", "--yes")
    told = "it has license 7000 at remote main, where it stays"
    assert (result.code, told in result.err, "service 12, add-on panel" in result.err) == (0, True, True)
    assert "'cpbillmgr license release 7000 --remote main' lets another remote serve it" in result.err
    assert {**main.links, **away.links}.keys() == {"12", "13"}, "the others are served all the same"
    for words in (["fixchilds", "--service", "12"], ["order", "--service", "12", "-q"]):
        refused = main.run(*words)
        assert (refused.code, refused.out, told in refused.err) == (78, "", True)


def test_a_license_that_is_gone_keeps_its_service_at_its_remote_until_it_is_unlinked(
    open_offices: OpenOffices,
) -> None:
    main, away = open_offices([service("12")])
    main.run("fixchilds", "--yes")
    main.edit_world(offers_no(LITE))
    main.edit_world(lambda world: world["licenses"].clear())
    result = main.run("checkevent", "--accept-short-list")
    result = main.run("fixchilds", "--yes", "--accept-short-list")
    assert "'cpbillmgr license unlink 7000 --remote main' lets another remote serve it" in result.err
    assert (result.code, away.links) == (0, {})
    assert main.run("license", "unlink", "7000", "--remote", "main").code == 0
    assert main.run("fixchilds", "--yes").code == 0
    assert away.links == {"12": "8000"}


def test_while_it_is_in_doubt_at_one_remote_an_order_at_another_says_so(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12")])
    main.fault("500-before:soft.order.param!:1")
    assert main.run("order", "--service", "12").code == 7
    result = main.run("order", "--service", "12", "--remote", "away", "-q")
    assert (result.code, result.out, away.orders) == (7, "", [])
    assert "operation 1 of service 12 is in doubt" in result.err
    assert (look(main, 17, 23), main.links) == ([7, 0], {"12": "7000"})


def test_while_one_on_its_own_is_in_doubt_at_one_remote_an_order_at_another_says_so(
    open_offices: OpenOffices,
) -> None:
    main, away = open_offices([])
    main.fault("cut-after:soft.order.param!:1")
    alone = ["order", "--ip", "203.0.113.50", "--tariff", str(LITE), "--period", "1", "-q"]
    assert main.run(*alone).code == 7
    assert (main.run(*alone, "--remote", "away").code, away.orders) == (7, [])
    assert main.run(*alone).out == "7000\n"


def test_an_order_that_gives_nothing_is_no_success(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12", status="suspended")])
    for office in (main, away):
        office.write("cpbillmgr5.conf", "Option NoFixSuspended\n")
    result = main.run("order", "--service", "12", "-q")
    assert (result.code, result.out) == (3, "")
    assert "service 12, add-on panel, is given no license" in result.err


def test_a_restart_while_the_order_is_in_doubt_at_another_remote_says_so(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12")], main={"balance": "1.00"})
    away.fault("500-before:soft.order.param!:1")
    assert main.run("fixchilds", "--yes").code == 7
    main.edit_world(lambda world: world["account"].update(balance="100.00"))
    main.forget_calls()
    result = main.run("operation", "restart", "1")
    assert (result.code, "operation 2 of service 12 is in doubt" in result.err) == (7, True)
    assert main.orders == []


def test_a_restart_is_for_the_remote_of_the_operation(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12")], main={"balance": "1.00"}, away={"balance": "1.00"})
    assert main.run("fixchilds", "--yes").code == 69
    first, second = main.operations
    assert (first.remote, second.remote) == ("main", "away")
    away.edit_world(lambda world: world["account"].update(balance="100.00"))
    assert main.run("operation", "restart", str(second.id)).code == 0
    assert (main.links, away.links) == ({}, {"12": "8000"})
    result = main.run("operation", "restart", str(first.id))
    assert (result.code, "license 8000 at remote away" in result.err) == (2, True)


def test_what_no_remote_gives_is_a_task_for_its_department(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12")], department="accounting")
    main.run("fixchilds", "--yes", "--link-only")
    for each in (main, away):
        each.edit_world(lambda world: world["tariffs"][0].update(datacenters=[5]))
    result = main.run("fixchilds", "--yes")
    assert (result.code, "datacenter" in result.out) == (3, True)
    result = main.run("checkevent")
    assert "warning: main: the order for service 12 failed" in result.err
    assert "warning: away, for accounting: the order for service 12 failed" in result.err
    told = main.run("checkevent", "--json").json["notices"]
    assert [(each["remote"], each["department"]) for each in told] == [("main", None), ("away", "accounting")]
    main.set_settings(datacenter=5)
    assert main.run("operation", "restart", "1").code == 0
    assert (main.links, main.run("checkevent", "--json").json["notices"]) == ({"12": "7000"}, [])


def lose_the_last_remote(office: Office) -> None:
    """Take the last remote out of the settings."""
    office.write("cpbillmgr.toml", office.settings.read_text(encoding="utf-8").rpartition("[[remote]]")[0])


LOST = "remote away, which the settings do not have, has of ours licenses that nobody renews: 1; name it as"


def test_a_remote_that_the_settings_have_lost_is_told(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12")])
    main.run("fixchilds", "--yes", "--remote", "away")
    lose_the_last_remote(main)
    assert LOST in main.run("fixchilds", "--yes").err
    assert [LOST in main.run("checkevent").err for _ in range(2)] == [True, False], "once"
    status = main.run("status", "--json").json
    assert (status["health"], [LOST in each for each in status["reasons"]]) == ("critical", [True])
    assert (main.orders, len(away.orders)) == ([], 1)


def test_a_license_at_a_remote_that_the_settings_have_lost_can_be_given_up(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12")])
    main.run("fixchilds", "--yes", "--remote", "away")
    lose_the_last_remote(main)
    main.run("checkevent")
    assert main.run("license", "unlink", "8000", "--remote", "nobody").code == 2
    assert main.run("license", "unlink", "8000", "--remote", "away", "--dry-run").code == 0
    assert away.links == {"12": "8000"}
    result = main.run("license", "unlink", "8000", "--remote", "away")
    assert (result.code, away.links, "'cpbillmgr license link" in result.err) == (0, {}, False)
    assert main.run("fixchilds", "--yes").code == 0
    assert main.links == {"12": "7000"}
    assert main.run("checkevent", "--json").json["notices"] == []


def test_a_doubt_at_a_remote_that_the_settings_have_lost_is_told(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12")])
    away.fault("500-before:soft.order.param!:1")
    assert main.run("fixchilds", "--yes", "--remote", "away").code == 7
    lose_the_last_remote(main)
    told = "has of ours open operations that nobody settles: 1"
    for words in (["fixchilds", "--yes"], ["checkevent"], ["status"]):
        result = main.run(*words)
        assert told in result.out + result.err, words


def test_another_installation_on_the_account_is_told(open_office: OpenOffice) -> None:
    theirs = license(1, "203.0.113.99", remoteid="cpb1-other-99-panel-1")
    office = open_office(services=[service("12")], licenses=[theirs])
    assert "the installation 'other' are on this account: 1" in office.run("fixchilds", "--yes").err


def test_people_are_shown_where_each_license_is_bought(open_offices: OpenOffices) -> None:
    main, _ = open_offices(TWO)
    main.edit_world(sells_no(PRO))
    shown = main.run("fixchilds", "--dry-run").out.splitlines()
    assert [line.split()[4] for line in shown[1:3]] == ["main", "away"]
    done = main.run("fixchilds", "--yes").out
    assert "balance" not in done, "there are two"


def test_the_balance_of_one_is_not_told_where_some_was_paid_at_the_next(open_offices: OpenOffices) -> None:
    main, _ = open_offices([service("12"), service("13")], main={"balance": "5.00"}, parallel=1)
    done = main.run("fixchilds", "--yes")
    assert "Done: 2 order, 0 in sync; cost 8.00 EUR." in done.out


def test_a_saved_plan_is_for_both_and_is_carried_out_exactly(open_offices: OpenOffices) -> None:
    main, away = open_offices(TWO)
    main.edit_world(sells_no(PRO))
    assert main.run("fixchilds", "--out", "plan.json").code == 0
    main.edit_world(lambda world: world["account"].update(balance="1.00"))
    result = main.run("apply", "plan.json", "--yes", "--json")
    assert (result.code, result.changes) == (69, [("order", "12", "failed"), ("order", "13", "done")])
    assert [order["pricelist"] for order in away.orders] == [str(PRO)]


def test_a_saved_plan_for_one_remote_is_not_for_two(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12")])
    assert main.run("fixchilds", "--out", "plan.json", "--remote", "away").code == 0
    assert main.run("apply", "plan.json", "--yes").code == 0
    assert (main.calls(), away.links) == ([], {"12": "8000"})


def test_one_account_twice_is_refused_under_another_address_too(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], licenses=[license(1, "203.0.113.12")])
    table = office.settings.read_text(encoding="utf-8").partition("[[remote]]")[2]
    again = table.replace('"main"', '"again"').replace("127.0.0.1", "localhost")
    office.write("cpbillmgr.toml", f"{office.settings.read_text(encoding='utf-8')}[[remote]]{again}")
    result = office.run("fixchilds", "--yes")
    assert (result.code, office.writes, office.links) == (78, [], {})
    assert "both list license 1" in result.err
    result = office.run("checkevent")
    assert (result.code, "both list license 1" in result.err) == (78, True)
    assert "another state" not in result.err


def test_a_dry_run_orders_once_too_what_all_remotes_wait_for(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12")], main={"balance": "1.00"}, away={"balance": "1.00"})
    main.run("fixchilds", "--yes")
    for office in (main, away):
        office.edit_world(lambda world: world["account"].update(balance="100.00"))
    planned = main.run("checkevent", "--dry-run", "--json").json
    assert [(each["remote"], each["outcome"]) for each in planned["changes"]] == [("main", "planned")]
    done = main.run("checkevent", "--json").json
    assert (done["cost"], planned["cost"]) == ([{"amount": "4.00", "currency": "EUR"}],) * 2
    assert (main.links, away.orders[1:]) == ({"12": "7000"}, [])


def test_the_remote_of_a_license_need_not_be_named(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12")], main={"balance": "1.00"})
    main.run("fixchilds", "--yes")
    assert main.run("license", "suspend", "8000").code == 0
    assert main.run("license", "show", "8000", "--json").json["licenses"][0]["remote"] == "away"
    assert main.run("license", "unlink", "8000").code == 0
    assert (main.writes[1:], away.links) == ([], {})


def test_a_license_that_two_remotes_have_by_the_same_id_has_to_be_named_with_its_remote(
    open_offices: OpenOffices,
) -> None:
    same = [license(500, "203.0.113.50", "one")]
    main, away = open_offices([service("12")], main={"licenses": same}, away={"licenses": same})
    away.edit_world(lambda world: world["licenses"][0].update(licname="another"))
    main.run("fixchilds", "--yes")
    result = main.run("license", "protect", "500")
    assert (result.code, "Say which is meant with --remote: main, away" in result.err) == (2, True)
    assert main.run("license", "protect", "500", "--remote", "away").code == 0


def test_the_licenses_of_all_remotes_are_listed(open_offices: OpenOffices) -> None:
    main, _ = open_offices(TWO)
    main.edit_world(sells_no(PRO))
    main.run("fixchilds", "--yes")
    main.run("checkevent")
    for words in ([], ["--offline"]):
        listed = main.run("license", "list", "--json", *words).json["licenses"]
        assert [(each["id"], each["remote"]) for each in listed] == BOTH
    shown = main.run("license", "list").out.splitlines()
    assert [line.split()[-1] for line in shown] == ["remote", "main", "away"]
    assert main.run("license", "list", "--remote", "away", "-q").out == "8000\n"


def test_what_is_about_one_remote_alone_says_which(open_offices: OpenOffices) -> None:
    main, _ = open_offices([service("12")])
    for name in ("main", "away"):
        main.run("enumeration", "set", "Lite", str(LITE), "--remote", name)
    for words, option in (
        (["enumeration", "show", "Lite"], ["--remote"]),
        (["config", "explain", str(LITE)], ["--remote"]),
        (["remote", "presets"], []),
    ):
        more = (*option, "remote presets")[0]
        told = f"cpbillmgr: this is about remote main only; for another give {more} away\n"
        assert told in main.run(*words).err
        assert told not in main.run(*words, *option, "main").err
        assert told not in main.run(*words, "-q").err
    for words in (["config", "explain", str(LITE), "--remote", "away"], ["remote", "presets", "away"]):
        assert main.run(*words, "--json").json["remote"] == "away"


def test_who_is_served_by_a_remote_that_cannot_be_asked_is_not_called_in_sync(
    open_offices: OpenOffices,
) -> None:
    main, away = open_offices(TWO)
    main.edit_world(sells_no(PRO))
    main.run("fixchilds", "--yes")
    lose_the_way_to(main)
    result = main.run("fixchilds", "--yes", "--json")
    assert (result.code, result.json["totals"]["in_sync"], len(away.orders)) == (75, 1, 1)


def interrupting(what: str, done: int, total: int) -> None:
    """Interrupt a run as soon as it tells that it has changed something."""
    if what == "changes":
        raise KeyboardInterrupt


def test_after_an_interrupt_no_other_remote_is_asked_to_change_anything(open_offices: OpenOffices) -> None:
    main, away = open_offices(TWO)
    main.edit_world(sells_no(PRO))
    with main.sites("fixchilds") as sites:
        report = fixchilds([replace(site, watch=interrupting) for site in sites], Asked(confirmed=True))
    assert (report.exit_code, [row.outcome.value for row in report.rows]) == (130, ["done", "skipped"])
    assert (main.links, away.links, away.writes) == ({"12": "7000"}, {}, [])
    assert main.run("fixchilds", "--yes").code == 0
    for each in (main, away):
        each.edit_world(lambda world: world["licenses"][-1].update(expiredate=day(1)))
        each.forget_calls()
    with main.sites("checkevent") as sites:
        report = check_all([replace(site, watch=interrupting) for site in sites], ToCheck())
    assert (report.exit_code, [row.outcome.value for row in report.rows]) == (130, ["done"])
    assert (len(main.writes), away.calls()) == (1, [])
