"""Keys, requests and certificates on disk, in private folders."""
