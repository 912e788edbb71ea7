"""The language of the house: its lexicon, the coach beside every reply, and ears for what customers say."""
