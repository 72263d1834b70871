"""The shop system for a small shop in Kenya."""

__version__ = "0.5.0"
