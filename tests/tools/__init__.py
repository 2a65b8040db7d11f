"""Tools of the house: run by dev.py, never shipped."""
