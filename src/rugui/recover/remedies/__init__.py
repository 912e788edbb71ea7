"""Remedies: what the house can do to make something right, which fits whom, and what was given."""
