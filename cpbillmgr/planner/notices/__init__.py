"""What a person should know though no run can mend it."""
