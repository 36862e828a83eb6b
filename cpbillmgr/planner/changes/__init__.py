"""What becomes of a license that is there, and how an operation on it ended."""
