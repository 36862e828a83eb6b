"""The audit: what of our services and the remote's licenses is not as it should be, seen from both sides."""
