"""At a terminal: the plan is shown with its cost, and a person is asked."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Sit
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.one_license import an_office
from tests.runs.worlds import day, license, service


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


@pytest.mark.parametrize(
    ("answer", "words", "code"), [("y\n", [], 0), ("n\n", [], 5), ("", ["--yes"], 0), ("", ["-q"], 5)]
)
def test_a_person_is_shown_what_is_lost_before_a_license_is_deleted(
    open_office: OpenOffice, sit: Sit, answer: str, words: list[str], code: int
) -> None:
    office = an_office(open_office)
    told, screen = sit(office, answer, "license", "delete", "1", *words)
    assert (told, "[y/N]" in screen, office.links) == (code, bool(answer), {} if code == 0 else {"12": "1"})
    assert (f"it is paid until {day(200)}, and nothing is paid back" in screen) is (words != ["-q"])


def test_what_cannot_be_deleted_is_told_without_a_question(open_office: OpenOffice, sit: Sit) -> None:
    code, screen = sit(an_office(open_office), "", "license", "delete", "99")
    assert (code, "[y/N]" in screen) == (2, False)


def test_where_colors_are_not_wanted_there_are_none(office: Office, sit: Sit) -> None:
    _, screen = sit(office, "", "service", "list", NO_COLOR="1")
    assert "\x1b[3" not in screen
    assert "[red]web[/red]" in screen


def test_a_person_is_shown_what_is_sold_and_chooses_what_to_import(office: Office, sit: Sit) -> None:
    office.edit_world(lambda world: world["tariffs"][1].update(prices={"12": "80.00"}))
    code, screen = sit(office, "55227 3136\n", "tariff", "import")
    assert (code, "no: it is sold for 12 months, and we sell for 1 month" in " ".join(screen.split())) == (
        0,
        True,
    )
    listed = office.run("tariff", "list", "-q").out.split()
    assert listed == ["3136", "55227"]


def test_all_that_fit_are_the_default(office: Office, sit: Sit) -> None:
    code, _ = sit(office, "\n", "tariff", "import")
    assert (code, len(office.run("tariff", "list", "-q").out.split())) == (0, 4)


def test_an_answer_that_is_no_list_of_ids_imports_nothing(office: Office, sit: Sit) -> None:
    code, screen = sit(office, "lite\n", "tariff", "import")
    assert (code, "'lite' is no list of ids" in screen) == (2, True)
    assert office.run("tariff", "list", "-q").out == ""


def test_of_several_remotes_a_person_chooses_one(office: Office, sit: Sit) -> None:
    settings = office.settings.read_text(encoding="utf-8")
    other = (
        settings[settings.index("[[remote]]") :].replace('"main"', '"other"').replace("reseller", "second")
    )
    office.write("cpbillmgr.toml", f"{settings}{other}")
    code, screen = sit(office, "main\nall\n", "tariff", "import")
    assert (code, "other sells soft" in screen) == (0, True)
    assert len(office.run("tariff", "list", "--remote", "main", "-q").out.split()) == 4
    assert office.run("tariff", "list", "--remote", "other", "-q").out == ""
