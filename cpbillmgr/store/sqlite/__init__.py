"""The SQLite file and the files beside it: opened, written, copied, private."""
