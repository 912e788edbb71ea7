"""Measurements of the running program. Each module prints one line of JSON; none is imported by the program."""
