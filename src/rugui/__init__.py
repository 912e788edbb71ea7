"""Rugui (如歸): software for businesses that live on loyal customers."""

__version__ = "0.1.0"
