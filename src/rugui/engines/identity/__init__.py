"""Recognising people: comparable forms, keys to find them by, comparison, learned weights, ranking."""
