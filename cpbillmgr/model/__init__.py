"""The nouns: frozen values that every room speaks in. They know nothing of files, sockets or SQL."""
