"""What the operator's wishes would do, beside what the remote sells."""
