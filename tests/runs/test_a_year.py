"""A year of a reseller: every license renewed when it is due, nothing paid twice, not a cent too much."""

from __future__ import annotations

from tests.conftest import OpenOffice
from tests.runs.year_books import schedule
from tests.runs.year_office import Year


def test_a_year_of_fifty_services_costs_what_it_must_to_the_cent(open_office: OpenOffice) -> None:
    year = Year.open(open_office)
    books = year.live(schedule(seed=4, length=365), 365)
    year.check(books)
    assert year.notable <= {"gone"}, "licenses of services that were suspended for too long"
    what = [kind for _, kind, _, _ in books.paid]
    assert min(what.count("order"), what.count("renew")) > 40, "the year was not idle"
    assert min(what.count("change-tariff"), books.taken, len(books.pool)) > 3
