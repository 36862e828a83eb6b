"""``license link`` and ``unlink``: whose a license is, by a person's word. The remote is never written to."""

from __future__ import annotations

import pytest

from cpbillmgr.model.operations import State
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.one_license import an_office, charges
from tests.runs.worlds import PRO, day, license, service, spare, strangers


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    """Service 12 has license 1 by its address; 3 and 4 stand elsewhere, and nobody has them."""
    office = open_office(
        services=[service("12"), service("13"), service("14", "nopanel")],
        licenses=[
            license(1, "203.0.113.12"),
            spare(2),
            license(3, "203.0.113.99"),
            license(4, "203.0.113.13", pricelist=PRO),
            license(5, "203.0.113.55", remoteid="cpb1-main-77-panel-1"),
            *strangers(2),
        ],
    )
    assert office.run("fixchilds", "--yes", "--link-only").code == 3
    office.forget_calls()
    return office


def unlinked(open_office: OpenOffice) -> Office:
    office = an_office(open_office)
    assert office.run("license", "unlink", "1").code == 0
    return office


def test_unlink_tells_what_it_means_and_how_to_go_back(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    result = office.run("license", "unlink", "1")
    assert (result.code, result.out) == (0, "Unlinked license 1 from service 12, add-on panel.\n")
    assert "nobody renews it now" in result.err
    assert "'cpbillmgr license link 1 12 panel'" in result.err
    assert (office.links, office.calls()) == ({}, []), "the remote is not even asked"


def test_unlink_answers_in_json(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    assert office.run("license", "unlink", "1", "--json").json == {
        "schema": "cpbillmgr/unlinked/1", "dry_run": False, "license": "1", "service": "12", "addon": "panel",
    }  # fmt: skip


@pytest.mark.parametrize("command", ["fixchilds", "checkevent"])
def test_no_run_links_or_touches_again_what_a_person_has_unlinked(
    open_office: OpenOffice, command: str
) -> None:
    office = unlinked(open_office)
    result = office.run(command, *(["--yes"] if command == "fixchilds" else []))
    assert (office.links, office.writes, charges(office)) == ({}, [], [])
    if command == "fixchilds":
        assert result.code == 3
        assert "was unlinked by hand" in result.out
        assert "'cpbillmgr license link 1 12 panel' links it again" in result.out


def test_not_even_its_mark_brings_it_back(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    assert office.run("fixchilds", "--yes").code == 0
    office.run("license", "unlink", "7000")
    office.forget_calls()
    assert office.run("fixchilds", "--yes").code == 3
    assert (office.links, office.writes, charges(office)) == ({}, [], ["4.00"])


def test_moved_out_of_the_way_its_service_gets_another_and_it_stays_as_it_is(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    assert office.run("fixchilds", "--yes").code == 0
    office.run("license", "unlink", "7000")
    office.edit_world(lambda world: world["licenses"][0].update(ip="198.51.100.1"))
    assert office.run("fixchilds", "--yes").code == 0
    assert office.links == {"12": "7001"}
    office.forget_calls()
    assert (office.run("fixchilds", "--yes").code, office.run("checkevent").code) == (0, 0)
    assert office.writes == [], "that it carries our mark does not make it surplus"


def test_linked_again_it_is_as_before(open_office: OpenOffice) -> None:
    office = unlinked(open_office)
    result = office.run("license", "link", "1", "12", "panel", "--json")
    assert (result.code, result.changes) == (0, [("link", "12", "done")])
    assert (office.links, office.writes) == ({"12": "1"}, [])
    assert office.run("license", "renew", "1").code == 0


def test_link_asked_again_has_nothing_to_do(office: Office) -> None:
    result = office.run("license", "link", "1", "12")
    assert (result.code, result.out) == (0, "Nothing to do: 1 in sync.\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["1", "13"], "license 1 is linked to service 12, add-on panel"),
        (["3", "12"], "service 12, add-on panel, has license 1"),
        (["999", "13"], "there is no license 999 on the account"),
        (["4", "13"], f"license 4 is of tariff {PRO} ispmanager 6 pro, and service 13 wants 55227"),
        (["3", "13"], "license 3 is on 203.0.113.99, and service 13 on 203.0.113.13"),
        (["5", "13"], "carries the mark of service 77, add-on panel"),
        (["2", "13"], "license 2 lies in the pool"),
        (["3", "99"], "there is no service '99'"),
        (["3", "14"], "service 14 asks for no license"),
        (["3", "13", "dnsmgr"], "add-on dnsmgr of service 13 asks for no license"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_what_does_not_belong_together_is_not_linked(office: Office, words: list[str], told: str) -> None:
    result = office.run("license", "link", *words)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert told in result.err
    assert (office.links, office.writes) == ({"12": "1"}, [])


@pytest.mark.parametrize("id", ["3", "4", "5"])
def test_a_persons_word_overrules_tariff_address_and_mark_and_is_told(office: Office, id: str) -> None:
    hint = office.run("license", "link", id, "13").err
    assert f"'cpbillmgr license link {id} 13 panel --force' links it all the same" in hint
    result = office.run("license", "link", id, "13", "--force")
    assert (result.code, office.links["13"], office.writes) == (0, id, [])
    assert "by a person's word, though it" in result.out


@pytest.mark.parametrize("words", [["1", "13"], ["3", "12"], ["2", "13"], ["999", "13"]])
def test_no_word_makes_two_of_one_or_something_of_nothing(office: Office, words: list[str]) -> None:
    assert office.run("license", "link", *words, "--force").code == 2
    assert office.links == {"12": "1"}


@pytest.mark.parametrize("words", [["unlink", "1"], ["link", "3", "12", "--force"]], ids=" ".join)
def test_while_an_operation_is_open_nothing_is_linked_or_unlinked(office: Office, words: list[str]) -> None:
    office.fault("cut-before:service.prolong")
    assert office.run("license", "renew", "1").code == 7
    if words[0] == "link":
        with office.site("test") as site:
            site.state.links.unlink("main", "1")
    before = office.links
    result = office.run("license", *words)
    assert (result.code, office.links) == (2, before)
    assert "is still open" in result.err


def test_what_an_order_in_doubt_may_have_bought_is_not_linked_to_another_service(office: Office) -> None:
    office.fault("cut-after:soft.order.param")
    office.run("service", "set", "14", "panel=55228")
    assert office.run("order", "--service", "14").code == 7
    result = office.run("license", "link", "7000", "13", "--force")
    assert result.code == 2
    assert "license 7000 is linked to service 14" in result.err, "the look has shown whose it is"
    assert "13" not in office.links


@pytest.mark.parametrize("words", [["unlink", "1"], ["link", "3", "13", "--force"]], ids=" ".join)
def test_a_dry_run_writes_nothing(office: Office, words: list[str]) -> None:
    before = (office.state_file.read_bytes(), office.world)
    assert office.run("license", *words, "--dry-run").code == 0
    assert (office.writes, (office.state_file.read_bytes(), office.world)) == ([], before)


def test_what_is_linked_to_nothing_cannot_be_unlinked(office: Office) -> None:
    result = office.run("license", "unlink", "3", "--dry-run")
    assert (result.code, result.out) == (2, "")
    assert "license 3 is linked to nothing" in result.err


def test_a_linked_stranger_is_ours_from_then_on(open_office: OpenOffice) -> None:
    office = open_office(
        services=[service("12")],
        licenses=[license(1, "203.0.113.99", autoprolong="1", expiredate=day(1))],
    )
    assert office.run("license", "link", "1", "12", "--force").code == 0
    office.forget_calls()
    assert office.run("checkevent").code == 0
    assert office.run("checkevent").code == 0
    assert [call["func"] for call in office.writes] == ["soft.edit", "service.prolong"]
    assert office.writes[0]["params"]["autoprolong"] == "null"
    assert {operation.state for operation in office.operations} == {State.DONE}
