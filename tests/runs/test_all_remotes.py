"""``audit``, ``pool`` and ``forecast`` where there are several remotes: they look at all of them."""

from __future__ import annotations

import shlex

import pytest

from tests.conftest import OpenOffice, OpenOffices
from tests.runs.office import Office
from tests.runs.test_products import served
from tests.runs.test_several_remotes import NOBODY, TWO, sells_no
from tests.runs.worlds import PRO, Fields, day, license, service, spare

EVERY = [["audit"], ["pool"], ["forecast"]]


@pytest.fixture
def offices(open_offices: OpenOffices) -> tuple[Office, Office]:
    """Open two offices: service 12 has its license at ``main``, service 13 at ``away``."""
    main, away = open_offices(TWO)
    main.edit_world(sells_no(PRO))
    assert main.run("fixchilds", "--yes").code == 0
    assert main.run("checkevent").code == 0
    for each in (main, away):
        each.forget_calls()
    return main, away


def findings(office: Office, *words: str) -> list[tuple[str, str, str, str]]:
    """Return remote, class, service and mend of each finding of an audit."""
    return [
        (each["remote"], each["class"], each["service"], each["mend"])
        for each in office.run("audit", "--json", *words).json["findings"]
    ]


def lose_the_way_to_the_other(main: Office, away: Office) -> None:
    """Let the second remote not answer."""
    main.write("cpbillmgr.toml", main.settings.read_text(encoding="utf-8").replace(away.url, NOBODY))


def test_what_each_remote_serves_is_as_it_should_be(offices: tuple[Office, Office]) -> None:
    main, away = offices
    told = main.run("audit", "--expect-clean", "--json")
    assert (told.code, told.err, told.json["findings"], told.json["totals"]["in_order"]) == (0, "", [], 2)
    assert (told.json["remote"], told.json["remotes"], told.json["clean"]) == (None, ["main", "away"], True)
    assert main.run("audit", "--expect-clean", "--remote", "away").code == 0
    assert (main.writes, away.writes) == ([], [])


def test_an_audit_finds_what_is_wrong_at_each_remote_and_a_mend_names_it(
    offices: tuple[Office, Office],
) -> None:
    main, away = offices
    main.edit_world(lambda world: world["licenses"][0].update(autoprolong="1"))
    away.edit_world(lambda world: world["licenses"][0].update(ip="203.0.113.99", ip_change_date=day(-90)))
    moves = "cpbillmgr license move 8000 203.0.113.13 --remote away"
    assert findings(main) == [
        ("main", "renewing for nobody", "12", "cpbillmgr checkevent"),
        ("away", "wrong IP", "13", moves),
    ]
    assert main.run("audit", "--expect-clean").code == 4
    assert findings(main, "--remote", "away") == [("away", "wrong IP", "13", moves)]
    shown = main.run("audit").out.splitlines()
    assert shown[0].split()[:6] == ["class", "service", "license", "ip", "amount", "remote"]
    assert shown[-1].startswith("2 to mend (")
    head, ruler, first, second, *_ = main.run("audit", "--markdown").out.splitlines()
    assert (head.split(" | ")[5], ruler.count("|")) == ("remote", head.count("|"))
    assert [line.split(" | ")[5] for line in (first, second)] == ["main", "away"]


@pytest.mark.parametrize(("sort", "first"), [(100, "main"), (300, "away")])
def test_who_waits_for_a_license_is_told_once_and_of_the_remote_that_gives_it(
    open_offices: OpenOffices, sort: int, first: str
) -> None:
    main, _ = open_offices([service("12")])
    main.set_settings(sort=sort)
    mend = f"cpbillmgr fixchilds --service 12 --remote {first}"
    assert findings(main) == [(first, "service without license", "12", mend)]
    assert main.run(*shlex.split(mend)[1:], "--yes").code == 0
    assert findings(main) == []


def test_a_license_that_is_there_is_told_of_the_remote_that_has_it(open_offices: OpenOffices) -> None:
    main, away = open_offices([service("12")], away={"licenses": [license(2, "203.0.113.12")]})
    mend = "cpbillmgr license link 2 12 panel --remote away"
    assert findings(main) == [("away", "service without license", "12", mend)]
    assert main.run(*shlex.split(mend)[1:]).code == 0
    assert (findings(main), away.links) == ([], {"12": "2"})


def test_a_name_is_unknown_once_and_only_if_no_remote_knows_it(open_offices: OpenOffices) -> None:
    services = [service("12", "Small"), service("13", "Nonsense")]
    main, _ = open_offices(services, away={"conf": f"Price Small {PRO}\n"})
    assert [each[:3] for each in findings(main)] == [
        ("main", "unknown name", "13"),
        ("away", "service without license", "12"),
    ]
    assert [each[1:3] for each in findings(main, "--remote", "main")] == [
        ("unknown name", "12"),
        ("unknown name", "13"),
    ]


def test_a_name_that_a_remote_may_know_which_cannot_be_asked_is_not_called_unknown(
    open_offices: OpenOffices,
) -> None:
    main, away = open_offices([service("12", "Small")], away={"conf": f"Price Small {PRO}\n"})
    lose_the_way_to_the_other(main, away)
    told = main.run("audit", "--json")
    assert (told.code, told.json["findings"], told.json["clean"]) == (75, [], False)


def test_a_license_whose_remote_knows_its_name_no_more_is_told_though_another_one_does(
    offices: tuple[Office, Office],
) -> None:
    main, away = offices
    away.edit_world(lambda world: world["tariffs"].append({"id": 9, "name": "lite", "prices": {"1": "1.00"}}))
    main.import_services(service("12", "9"))
    assert [each[:3] for each in findings(main)] == [("main", "unknown name", "12")]


@pytest.mark.parametrize(
    "words",
    [*EVERY, ["audit", "--expect-clean"], ["audit", "--markdown"], ["license", "list"]],
    ids=" ".join,
)
def test_a_remote_that_cannot_be_asked_is_an_error_and_the_others_are_shown(
    offices: tuple[Office, Office], words: list[str]
) -> None:
    main, away = offices
    lose_the_way_to_the_other(main, away)
    shown = main.run(*words)
    assert (shown.code, shown.err.count("\n"), "(away)" in shown.err) == (75, 1, True)
    assert shown.out
    told = main.run(*words, "--json")
    assert (told.code, told.json["error"]["kind"]) == (75, "unreachable")
    assert main.run(*words, "--remote", "main").code == 0
    main.fault("503:*:*")
    nothing = main.run(*words)
    assert (nothing.code, nothing.out, "(main)" in nothing.err) == (75, "", True)


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_a_remote_without_a_password_does_not_hide_the_others(
    offices: tuple[Office, Office], words: list[str]
) -> None:
    main, away = offices
    (away.folder / "password").unlink()
    shown = main.run(*words)
    assert (shown.code, str(away.folder) in shown.err, bool(shown.out)) == (78, True, True)


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_a_list_that_is_suddenly_short_is_told_with_its_remote(
    open_offices: OpenOffices, words: list[str]
) -> None:
    many = [license(number, f"198.51.100.{number}") for number in range(1, 12)]
    main, away = open_offices([], away={"licenses": many})
    main.run("fixchilds", "--yes")
    away.edit_world(lambda world: world["licenses"].clear())
    shown = main.run(*words)
    assert (shown.code, "(away)" in shown.err) == (76, True)
    assert main.run(*words, "--accept-short-list").code == 0


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_one_remote_is_looked_at_alone_by_its_name(offices: tuple[Office, Office], words: list[str]) -> None:
    main, away = offices
    shown = main.run(*words, "--remote", "away")
    assert (shown.code, shown.err, main.calls(), away.calls() != []) == (0, "", [], True)
    assert "remote" not in shown.out.split("\n")[0]


@pytest.mark.parametrize("words", [["audit"], ["pool"]], ids=" ".join)
def test_an_account_that_two_remotes_are_is_not_told_twice(open_office: OpenOffice, words: list[str]) -> None:
    office = open_office(licenses=[license(1, "203.0.113.12")])
    table = office.settings.read_text(encoding="utf-8").partition("[[remote]]")[2]
    again = table.replace('"main"', '"again"').replace("127.0.0.1", "localhost")
    office.write("cpbillmgr.toml", f"{office.settings.read_text(encoding='utf-8')}[[remote]]{again}")
    shown = office.run(*words)
    assert (shown.code, shown.out, "both list license 1" in shown.err) == (78, "", True)


def test_the_pools_of_all_remotes_are_shown_and_summed(open_offices: OpenOffices) -> None:
    pools: list[Fields] = [{"licenses": [spare(1)]}, {"licenses": [spare(2), spare(3, pricelist=PRO)]}]
    main, away = open_offices([service("13", str(PRO)), service("14")], *pools)
    main.edit_world(sells_no(PRO))
    told = main.run("pool", "--json").json
    uses = {each["id"]: (each["remote"], each["service"]) for each in told["licenses"]}
    assert uses == {"1": ("main", "14"), "2": ("away", None), "3": ("away", "13")}
    alone = [main.run("pool", "--json", "--remote", name).json for name in ("main", "away")]
    (idle,) = told["idle"]
    assert float(idle["amount"]) == sum(float(each["idle"][0]["amount"]) for each in alone)
    head, *rows, last = main.run("pool").out.splitlines()
    assert [line.split()[-1] for line in (head, *rows)] == ["remote", "main", "away", "away"]
    assert last == f"3 in the pool, 3 usable now, {idle['amount']} EUR idle."
    assert main.run("pool", "-q").out.split() == ["1", *(each["id"] for each in alone[1]["licenses"])]
    assert main.run("fixchilds", "--yes").code == 0
    assert (main.links, away.links) == ({"14": "1"}, {"13": "3"})


def test_each_account_is_held_against_its_own_balance(offices: tuple[Office, Office]) -> None:
    main, away = offices
    away.edit_world(lambda world: world["account"].update(balance="8.09"))
    told = main.run("forecast", "--days", "45", "--json").json
    first, second = sorted(told["days"], key=lambda each: each["remotes"] == ["away"])
    assert (first["licenses"], second["licenses"]) == (["7000"], ["8000"])
    assert (first["left"]["amount"], second["left"]["amount"]) == ("992.00", "-0.01")
    assert told["cost"] == [{"amount": "12.10", "currency": "EUR"}]
    assert (told["balance"], told["first_short"]) == (None, second["date"])
    assert [(each["remotes"], each["first_short"]) for each in told["accounts"]] == [
        (["main"], None),
        (["away"], second["date"]),
    ]
    *_, short, suffices, summary = main.run("forecast", "--days", "45").out.splitlines()
    assert short == f"The balance of 8.09 EUR at away does not suffice on {second['date']}: -0.01 EUR then."
    assert suffices == "The balance of 996.00 EUR at main suffices."
    assert summary.endswith(": 2 renewals, cost 12.10 EUR.")


def test_remotes_of_one_account_share_its_balance(open_office: OpenOffice) -> None:
    licenses = [license(1, "203.0.113.12", expiredate=day(20))]
    office = served(open_office, "softexternal", licenses=licenses, balance="31.99")
    told = office.run("forecast", "--days", "45", "--json").json
    assert [(each["remotes"], each["left"]["amount"]) for each in told["days"]] == [
        (["main", "other"], "13.99"),
        (["main", "other"], "-0.01"),
    ]
    assert (told["balance"]["amount"], told["first_short"]) == ("17.99", told["days"][1]["date"])
    assert [each["remotes"] for each in told["accounts"]] == [["main", "other"]]
    head, *_, verdict, _ = office.run("forecast", "--days", "45").out.splitlines()
    assert head.split() == ["day", "renewals", "cost", "left"]
    assert verdict.startswith("The balance of 17.99 EUR does not suffice on ")


def test_a_license_without_a_price_is_told_with_its_remote(offices: tuple[Office, Office]) -> None:
    main, away = offices
    away.edit_world(lambda world: world["tariffs"][1].update(prices={"12": "80.00"}))
    away.edit_world(lambda world: world["licenses"][0].update(period=12))
    main.import_services(service("13", "of an unknown name"))
    told = main.run("forecast", "--days", "45")
    assert told.err == (
        "cpbillmgr: warning: away: the remote tells no price to renew license 8000 for; renew it there\n"
    )
    assert main.run("forecast", "--days", "45", "--json").json["unpriced"] == ["8000"]
