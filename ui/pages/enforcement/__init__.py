"""Enforcement: inspections of enterprises."""
