"""The settings file: keys, readers, secrets, and every problem at once."""
