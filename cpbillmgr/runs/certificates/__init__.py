"""What a certificate is asked for with, and the files that come of it."""
