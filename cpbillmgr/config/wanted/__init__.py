"""What our services ask for, in the remote's terms."""
