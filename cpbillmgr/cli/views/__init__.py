"""How results look: a run's report, licenses, tariffs, monitoring."""
