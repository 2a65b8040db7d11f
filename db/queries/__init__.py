"""Reads for screens and reports: plain SQL that fills frozen lines."""
