"""One cause that hits many: those hit are found, told first and each for themselves, put right fairly, and let go together."""
