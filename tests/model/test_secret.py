from __future__ import annotations

from cpbillmgr.model.secret import Secret, hidden


def test_a_secret_that_holds_another_leaves_nothing_to_be_read() -> None:
    for value in ("inner-word", "before inner-word", "inner-word after", "before inner-word after"):
        Secret(value)
    assert hidden("<before inner-word after>") == "<***>"
    assert hidden("<inner-word after>") == "<***>"


def test_what_is_no_secret_is_left() -> None:
    assert hidden("Item #12 addon web1") == "Item #12 addon web1"
