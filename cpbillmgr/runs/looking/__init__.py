"""One look at a remote, with what it means, beside what we remember. Nothing is changed there."""
