"""Whole lists: nothing may be decided on a list that is short, partial or moved while it was read.

An incomplete list would look as if licenses were gone, and they would be bought again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil
from xml.etree.ElementTree import Element

from cpbillmgr.errors import AnswerNotUnderstood, ListIncomplete
from cpbillmgr.model.licenses import License
from cpbillmgr.remote import values
from cpbillmgr.remote.text import clean

MAX_PAGES = 20_000  # a million licenses in the smallest pages seen, of 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list; ``total`` is how many rows all pages have, ``None`` where it is not told."""

    rows: tuple[License, ...]
    total: int | None


def page_of(document: Element, read_row: Callable[[Element, str], License], remote: str) -> Page:
    """Return a page of rows, each read by a dialect (wire-api.md 3.4).

    Raises :class:`AnswerNotUnderstood` for rows that make no sense.
    """
    told = document.findtext("p_elems")
    total = None if told is None else values.integer(told)
    if told is not None and total is None:
        message = f"the list says that it has {clean(told) or 'nothing'} rows"
        raise AnswerNotUnderstood(message, where=remote)
    return Page(tuple(read_row(row, remote) for row in document.iterfind("elem")), total)


def further_pages(first: Page, remote: str) -> range:
    """Return the numbers of the pages after a first one that tells the total.

    Rows are counted, not requests: the remote may give fewer rows a page than it was asked for.
    """
    total = first.total or 0
    if total and not first.rows:
        raise ListIncomplete(f"the list has {total} rows and its first page has none", where=remote)
    pages = ceil(total / len(first.rows)) if first.rows else 1
    if pages > MAX_PAGES:
        raise ListIncomplete(f"the list has {pages} pages, which is more than can be read", where=remote)
    return range(2, pages + 1)


def pages_to_the_end(first: Page, read: Callable[[int], Page], remote: str) -> Iterator[Page]:
    """Yield the pages after a first one that tells no total: until one is empty, or is the first again."""
    if not first.rows:
        raise ListIncomplete("the list has no rows, and does not say that there are none", where=remote)
    for number in range(2, MAX_PAGES):
        page = read(number)
        if not page.rows or page.rows == first.rows:
            return
        yield page
    raise ListIncomplete("the list does not end", where=remote)


def whole_list(pages: Sequence[Page], remote: str) -> list[License]:
    """Return the rows of all pages. Raises :class:`ListIncomplete` unless each of these is so.

    - every page tells the same total,
    - every page but the last has as many rows as the first, and the last one no more,
    - the rows are as many as the total says, where it is told,
    - no two rows have the same id.
    """
    first, last = pages[0], pages[-1]
    if any(page.total != first.total for page in pages):
        raise ListIncomplete("the list changed while it was read", where=remote)
    if any(len(page.rows) != len(first.rows) for page in pages[:-1]) or len(last.rows) > len(first.rows):
        raise ListIncomplete("a page in the middle of the list is short", where=remote)
    rows = list(chain.from_iterable(page.rows for page in pages))
    if first.total is not None and len(rows) != first.total:
        raise ListIncomplete(f"the list has {first.total} rows, and {len(rows)} came", where=remote)
    if len({row.id for row in rows}) != len(rows):
        raise ListIncomplete("the list shows a license twice", where=remote)
    return rows
