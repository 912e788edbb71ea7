"""Trust: who may spend how much to put something right without asking, and the books of it that cannot be altered."""
