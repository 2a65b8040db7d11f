"""Putting papers on pages: layout, drawing, PDF, preview, printer."""
