"""Speaks to the remote billing, and is the only room that knows how it spells things.

``client`` asks and waits. Each generation has its dialect: ``requests`` turns a question or a change into
parameters, ``licenses`` and ``catalogue`` turn documents into nouns, all of these without any input or
output; ``dialect`` brings them together. What the generations share stands beside them: ``answers`` is what
an order may be asked for besides, ``replies`` tells whether a change was made, ``refusals`` turns error
documents into errors, ``listing`` makes pages a whole list, ``pem`` finds certificates in documents.
``billing`` is the one face of it all, and what everybody else uses.
"""
