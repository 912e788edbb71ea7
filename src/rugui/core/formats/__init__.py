"""How days are written out where Django writes them: only what it would write otherwise than the house does."""
