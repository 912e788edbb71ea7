"""Practising recovery with customers who do not exist."""
