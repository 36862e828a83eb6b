"""Reads the operator's wishes: settings, directives, secrets; tells every problem with file and line."""
