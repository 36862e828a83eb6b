"""The journal of operations: what was sent, how it ended, what that tells."""
