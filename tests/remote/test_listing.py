from __future__ import annotations

import pytest

from cpbillmgr.errors import AnswerNotUnderstood, ListIncomplete
from cpbillmgr.remote.generation5.licenses import license_of_row
from cpbillmgr.remote.listing import MAX_PAGES, Page, further_pages, page_of, pages_to_the_end, whole_list
from tests.remote.reading import parsed


def page(*ids: int, total: int | None = None) -> Page:
    rows = "".join(f"<elem><id>{id_}</id><status>2</status></elem>" for id_ in ids)
    told = "" if total is None else f"<p_elems>{total}</p_elems>"
    return page_of(parsed(f"<doc>{rows}{told}</doc>"), license_of_row, "main")


def ids_of(*pages: Page) -> list[int]:
    return [int(row.id) for row in whole_list(pages, "main")]


def test_a_page_holds_its_rows_and_the_total() -> None:
    read = page(1, 2, total=6)
    assert ([row.id for row in read.rows], read.total) == (["1", "2"], 6)


@pytest.mark.parametrize("told", ["", "many", "6.5"])
def test_a_total_that_is_no_number_is_an_error(told: str) -> None:
    with pytest.raises(AnswerNotUnderstood, match="rows"):
        page_of(parsed(f"<doc><p_elems>{told}</p_elems></doc>"), license_of_row, "main")


@pytest.mark.parametrize(
    ("rows", "total", "further"),
    [(0, 0, 0), (3, 3, 0), (3, 4, 1), (3, 6, 1), (3, 7, 2), (50, 1000, 19)],
)
def test_rows_are_counted_to_know_how_many_pages_follow(rows: int, total: int, further: int) -> None:
    numbers = further_pages(page(*range(rows), total=total), "main")
    assert (len(numbers), numbers.start) == (further, 2)


@pytest.mark.parametrize("first", [page(total=5), page(1, total=MAX_PAGES + 1)])
def test_a_first_page_from_which_the_list_cannot_be_read_is_an_error(first: Page) -> None:
    with pytest.raises(ListIncomplete):
        further_pages(first, "main")


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([page(total=0)], []),
        ([page(1, 2, total=2)], [1, 2]),
        ([page(1, 2, total=3), page(3, total=3)], [1, 2, 3]),
        ([page(1, 2), page(3)], [1, 2, 3]),
    ],
)
def test_a_whole_list_is_all_rows_in_order(pages: list[Page], expected: list[int]) -> None:
    assert ids_of(*pages) == expected


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        ([page(1, 2, total=4), page(3, total=4)], "4 rows, and 3 came"),
        ([page(1, 2, total=1)], "1 rows, and 2 came"),
        ([page(1, 2, total=4), page(3, 4, total=5)], "changed while"),
        ([page(1, 2, total=4), page(3, 4)], "changed while"),
        ([page(1, 2, total=5), page(total=5), page(3, 4, total=5)], "middle of the list is short"),
        ([page(1, 2, total=6), page(3, total=6), page(4, 5, total=6)], "middle of the list is short"),
        ([page(1, 2), page(3), page(4, 5)], "middle of the list is short"),
        ([page(1, 2, total=5), page(3, 4, 5, total=5)], "middle of the list is short"),
        ([page(1, 2, total=4), page(1, 2, total=4)], "a license twice"),
        ([page(1, 1, total=2)], "a license twice"),
    ],
)
def test_a_list_that_is_short_partial_or_moved_is_never_used(pages: list[Page], reason: str) -> None:
    with pytest.raises(ListIncomplete, match=reason):
        whole_list(pages, "main")


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([page(1, 2), page(3), page()], [1, 2, 3]),
        ([page(1, 2), page()], [1, 2]),
        ([page(1, 2), page(1, 2)], [1, 2]),
    ],
)
def test_pages_without_a_total_end_with_an_empty_one_or_the_first_again(
    pages: list[Page], expected: list[int]
) -> None:
    further = pages_to_the_end(pages[0], lambda number: pages[number - 1], "main")
    assert ids_of(pages[0], *further) == expected


def test_a_list_with_neither_rows_nor_a_total_proves_nothing() -> None:
    with pytest.raises(ListIncomplete, match="no rows"):
        list(pages_to_the_end(page(), lambda _: page(), "main"))


def test_a_list_that_does_not_end_is_given_up() -> None:
    first, other = page(1), page(2)
    with pytest.raises(ListIncomplete, match="does not end"):
        list(pages_to_the_end(first, lambda _: other, "main"))
