"""At a terminal: the plan is shown with its cost, and a person is asked."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Sit
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import license, service


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return open_office(services=[service("12", name="[red]web[/red]")])


def test_a_person_sees_the_plan_and_agrees(office: Office, sit: Sit) -> None:
    code, screen = sit(office, "y\n", "fixchilds")
    assert (code, office.links) == (0, {"12": "7000"})
    shown = [words for words in ("4.00 EUR", "996.00 EUR would be left", "[y/N]") if words in screen]
    assert len(shown) == 3


@pytest.mark.parametrize("answer", ["n\n", "\n"])
def test_a_person_who_does_not_agree_stops_everything(office: Office, sit: Sit, answer: str) -> None:
    code, screen = sit(office, answer, "fixchilds")
    assert (code, office.writes, office.links) == (5, [], {})
    assert "nothing was changed" in screen


@pytest.mark.parametrize("option", ["--yes", "--dry-run"])
def test_who_has_agreed_or_only_looks_is_not_asked(office: Office, sit: Sit, option: str) -> None:
    code, screen = sit(office, "", "fixchilds", option)
    assert (code, "[y/N]" in screen) == (0, False)


def test_a_saved_plan_is_asked_about_too(office: Office, sit: Sit) -> None:
    office.run("fixchilds", "--out", "plan.json")
    code, screen = sit(office, "n\n", "apply", "plan.json")
    assert (code, "[y/N]" in screen, office.writes) == (5, True, [])


@pytest.mark.parametrize(("answer", "code", "links"), [("y\n", 0, {"12": "1"}), ("n\n", 5, {})])
def test_an_adoption_is_asked_about_too(
    open_office: OpenOffice, sit: Sit, answer: str, code: int, links: dict[str, str]
) -> None:
    office = open_office(services=[service("12")], licenses=[license(1, "203.0.113.12")])
    told, screen = sit(office, answer, "license", "adopt", "--by-ip")
    assert (told, "[y/N]" in screen, office.links) == (code, True, links)


def test_where_colors_are_not_wanted_there_are_none(office: Office, sit: Sit) -> None:
    _, screen = sit(office, "", "service", "list", NO_COLOR="1")
    assert "\x1b[3" not in screen
    assert "[red]web[/red]" in screen
