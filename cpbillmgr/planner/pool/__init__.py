"""The pool: paid licenses that nobody uses, who gets which, and what they are worth."""
