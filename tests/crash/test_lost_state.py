"""The state file is gone: the account alone tells which license is whose."""

from __future__ import annotations

from tests.conftest import OpenOffice
from tests.runs.worlds import service, strangers

SERVICES = [service(str(number)) for number in range(21, 71)]


def test_after_50_purchases_every_link_is_rebuilt_from_the_account_alone(open_office: OpenOffice) -> None:
    office = open_office(services=SERVICES, licenses=strangers(60))
    assert office.run("fixchilds", "--yes").code == 0
    links, world = office.links, office.world
    office.lose_state()
    office.import_services(*SERVICES)
    office.forget_calls()
    assert office.run("fixchilds", "--yes").code == 0
    assert (office.links, len(links)) == (links, 50)
    assert (office.writes, office.world) == ([], world)


def test_what_was_renamed_and_moved_meanwhile_is_recognized_by_the_mark_in_its_form(
    open_office: OpenOffice,
) -> None:
    office = open_office(services=SERVICES, licenses=strangers(60))
    office.run("fixchilds", "--yes")
    links = office.links

    def hide_all_but_the_mark(world: dict[str, list[dict[str, object]]]) -> None:
        for license in world["licenses"]:
            if str(license["id"]) in links.values():
                license |= {"licname": "renamed by hand", "ip": str(license["ip"]).replace("203.", "192.")}

    office.edit_world(hide_all_but_the_mark)
    office.lose_state()
    office.import_services(*SERVICES)
    office.forget_calls()
    assert office.run("fixchilds", "--yes", "--link-only").code == 0
    assert (office.links, office.writes) == (links, [])
    read = {call["params"]["elid"] for call in office.calls("soft.edit")}
    assert set(links.values()) <= read
