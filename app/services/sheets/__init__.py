"""Sheets coming in: files become rows of typed cells, cells become values, rows become cases or standards."""
