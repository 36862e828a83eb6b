"""What an order is asked for besides, and what to answer.

That something is asked for is only told by refusing the order, which has bought nothing (wire-api.md 4.2).
"""

from __future__ import annotations

DATACENTER = "datacenter"
APPROVER = "approver_email_1"  # of a certificate
REQUEST_KIND = "crt_type"  # whose certificate signing request it is
OWN_REQUESTS = ("existing", "exists", "own")  # a request of one's own; its real name is not known

HINTS = {  # what a person does where an answer is not accepted
    DATACENTER: "Set 'datacenter' of this remote to one that sells the tariff",
    APPROVER: "Name another approver with 'cpbillmgr certificate request SERVICE --approver MAIL'",
}

_AGREEMENTS = ("licence_agreement", "agree", "conditions_agree")  # what an agreement is called in a form


def answers_of(datacenter: int | None) -> dict[str, list[str]]:
    """Return the answers to be given in turn, by what is asked for.

    ===============================  ==================================
    asked for                        the answers
    ===============================  ==================================
    an agreement                     accepted
    a data center                    that of the settings, if any
    another kind of a certificate's  the other names of one of our own;
    signing request                  the first one was in the order
    ===============================  ==================================
    """
    return {
        **{agreement: ["on"] for agreement in _AGREEMENTS},
        DATACENTER: [] if datacenter is None else [str(datacenter)],
        REQUEST_KIND: list(OWN_REQUESTS[1:]),
    }
