"""Speaks to the remote billing, and is the only room that knows how it spells things.

``client`` asks and waits. ``requests`` turns a question or a change into parameters, ``replies``, ``listing``
and ``catalogue`` turn documents into nouns, ``refusals`` turns them into errors: all of these without any
input or output. ``billing`` brings the two together, and is what everybody else uses.
"""
