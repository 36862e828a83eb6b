"""``fixchilds --interactive``: a person is asked about each change."""

from __future__ import annotations

import json
from io import StringIO

import pytest

from cpbillmgr.cli.views.interactive import choose
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.report import Outcome, Report, Row
from tests.cli.conftest import Sit, Spawn
from tests.conftest import OpenOffice
from tests.planner.nouns import a_child
from tests.runs.office import Office
from tests.runs.worlds import day, license, service, spare

LINK, TAKE, *ORDERS = "12", "13", "14", "15", "16"
ORDER, OTHER_ORDER, LAST_ORDER = ORDERS
ASKED_ONCE_MORE = "Carry out what you have agreed to?"


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    """An office whose plan is to link, to take, and to order three licenses, in this order; one is held."""
    services = [service(id) for id in (LINK, TAKE, ORDER, OTHER_ORDER, LAST_ORDER)]
    return open_office(
        services=[*services, service("17", ip="10.0.0.17")],
        licenses=[license(1, "203.0.113.12"), spare(2), spare(3, ip_change_date=day(-12))],
    )


def typed(*answers: str) -> str:
    return "".join(f"{answer}\n" for answer in answers)


@pytest.mark.parametrize(
    ("answers", "served"),
    [
        (["y", "y", "y", "y", "y"], [LINK, TAKE, ORDER, OTHER_ORDER, LAST_ORDER]),
        (["y", "n", "n", "y", "n"], [LINK, OTHER_ORDER]),
        (["n", "n", "n", "n", "y"], [LAST_ORDER]),
        (["n", "y", "a"], [TAKE, ORDER, OTHER_ORDER, LAST_ORDER]),
        (["n", "n", "n", "a"], [OTHER_ORDER, LAST_ORDER]),
        (["y", "y", "s"], [LINK, TAKE]),
        (["y", "y", "y", "s"], [LINK, TAKE, ORDER]),
        (["s", "a", "y", "q"], [TAKE, ORDER]),
        (["a", "q"], [LINK]),
    ],
    ids=" ".join,
)
def test_a_letter_decides_about_one_change_or_about_all_of_its_kind(
    monkeypatch: pytest.MonkeyPatch, answers: list[str], served: list[str]
) -> None:
    actions = {LINK: Action.LINK, TAKE: Action.TAKE} | dict.fromkeys(ORDERS, Action.ORDER)
    rows = [
        Row(Decision(action, a_child(id), "of a reason"), Outcome.PLANNED) for id, action in actions.items()
    ]
    held = Row(Decision(Action.ORDER, a_child("17"), "of another", held=True), Outcome.HELD)
    monkeypatch.setattr("sys.stdin", StringIO(typed(*answers)))
    chosen = choose(Report("fixchilds", (held, *rows)), verbose=False).rows
    assert chosen[0] == held
    assert [each.decision.child.service for each in chosen if each.outcome is Outcome.PLANNED] == served
    assert {each.outcome for each in chosen[1:]} <= {Outcome.PLANNED, Outcome.SKIPPED}


@pytest.mark.parametrize(("answer", "kept"), [("n", []), ("s", []), ("y", [Action.ORDER, Action.RELEASE])])
def test_what_builds_upon_a_declined_change_is_skipped_unasked(
    monkeypatch: pytest.MonkeyPatch, answer: str, kept: list[Action]
) -> None:
    order = Decision(Action.ORDER, a_child("12"), "another product is asked for", replaces="501")
    release = Decision(Action.RELEASE, a_child("license:501"), "it is replaced", license="501")
    report = Report("fixchilds", tuple(Row(each, Outcome.PLANNED) for each in (order, release)))
    monkeypatch.setattr("sys.stdin", StringIO(typed(answer, "y")))
    chosen = choose(report, verbose=False).rows
    assert [each.decision.action for each in chosen if each.outcome is Outcome.PLANNED] == kept


def test_what_a_person_agrees_to_is_done_and_nothing_else(office: Office, sit: Sit) -> None:
    code, screen = sit(office, typed("y", "n", "n", "y", "n", "y"), "fixchilds", "--interactive")
    assert (code, screen.count(ASKED_ONCE_MORE)) == (3, 1)  # one is held
    assert sorted(office.links) == [LINK, OTHER_ORDER]


def test_each_change_is_shown_with_its_cost_and_its_reasons(office: Office, sit: Sit) -> None:
    _, screen = sit(office, typed("n", "n", "n", "q"), "fixchilds", "-i", NO_COLOR="1")
    assert "link license 1 for service 12 panel, 203.0.113.12: 55227, 1 month, no cost\r\n" in screen
    order = [
        "order for service 14 panel, 203.0.113.14: 55227, 1 month, 4.00 EUR",
        "    no license for 203.0.113.14 and none free in the pool",
        f"    not taken: 2 (service 13 panel gets it); 3 (its address changed on {day(-12)}, it can be",
    ]
    assert "\r\n".join(order) in screen
    assert "(3/5) order? [y,n,a,s,q,?] " in screen


def test_what_was_agreed_to_is_summed_up_before_it_is_done(office: Office, sit: Sit) -> None:
    _, screen = sit(office, typed("y", "n", "y", "q", "y"), "fixchilds", "-i")
    summed_up = "To do: 1 link, 1 order, 1 held, 3 skipped, 0 in sync; cost 4.00 EUR, balance 1000.00 EUR,"
    assert screen.index(summed_up) < screen.index(ASKED_ONCE_MORE)


def test_who_agrees_to_nothing_is_not_asked_again(office: Office, sit: Sit) -> None:
    code, screen = sit(office, typed("q"), "fixchilds", "-i")
    assert (code, ASKED_ONCE_MORE in screen) == (3, False)
    assert (office.writes, office.links) == ([], {})


@pytest.mark.parametrize(("last", "code"), [("n\n", 5), ("\n", 5), ("\x04", 130)])
def test_who_does_not_agree_to_the_sum_stops_everything(
    office: Office, sit: Sit, last: str, code: int
) -> None:
    assert sit(office, typed("y", "y", "y", "q") + last, "fixchilds", "-i")[0] == code
    assert (office.writes, office.links) == ([], {})


def test_a_person_who_goes_away_stops_everything(office: Office, sit: Sit) -> None:
    code, screen = sit(office, typed("y", "y") + "\x04", "fixchilds", "-i")
    assert (code, "interrupted" in screen) == (130, True)
    assert (office.writes, office.links) == ([], {})


@pytest.mark.parametrize("answer", ["?", "yes please"])
def test_any_other_answer_explains_the_letters_and_asks_again(office: Office, sit: Sit, answer: str) -> None:
    _, screen = sit(office, typed(answer, "q"), "fixchilds", "-i")
    assert screen.count("(1/5) link?") == 2
    assert "skip this one, and all others of its kind" in screen


def test_what_was_declined_is_skipped_in_the_report(office: Office, sit: Sit) -> None:
    _, screen = sit(office, typed("y", "n", "y", "q", "y"), "fixchilds", "-i")
    assert "order skipped" in screen
    assert "Done: 1 link, 1 order, 1 held, 3 skipped" in screen


def test_what_was_declined_is_skipped_in_json_too(office: Office, sit: Sit) -> None:
    _, screen = sit(office, typed("y", "n", "y", "q", "y"), "fixchilds", "-i", "--json")
    report = json.loads(screen[screen.index("{\r\n") :])
    assert [(each["service"], each["outcome"]) for each in report["changes"]] == [
        (LINK, "done"),
        (TAKE, "skipped"),
        (ORDER, "done"),
        (OTHER_ORDER, "skipped"),
        (LAST_ORDER, "skipped"),
        ("17", "held"),
    ]
    assert (report["totals"]["skipped"], report["cost"]) == (3, [{"amount": "4.00", "currency": "EUR"}])


def test_limits_hold_for_what_was_agreed_to(office: Office, sit: Sit) -> None:
    words = ("fixchilds", "-i", "--max-orders", "1")
    code, screen = sit(office, typed("n", "n", "a"), *words)
    assert (code, office.writes) == (5, [])
    assert "the plan has 3 orders, the limit is 1" in screen
    code, _ = sit(office, typed("n", "n", "y", "s", "y"), *words)
    assert (code, len(office.orders)) == (3, 1)


def test_without_a_terminal_nobody_can_be_asked(office: Office, spawn: Spawn) -> None:
    result = spawn(office, "fixchilds", "--interactive")
    assert (result.returncode, office.calls()) == (2, [])
    assert result.stderr.startswith("cpbillmgr: error: --interactive needs a terminal to ask at")


@pytest.mark.parametrize("others", [["--yes"], ["--dry-run"], ["--out", "plan.json"]])
def test_what_leaves_nothing_to_ask_about_is_wrong_usage(office: Office, sit: Sit, others: list[str]) -> None:
    code, screen = sit(office, "", "fixchilds", "-i", *others)
    assert (code, f"--interactive and {others[0]} exclude each other" in screen) == (2, True)
