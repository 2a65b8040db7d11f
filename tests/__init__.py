"""Promises, by layer."""
