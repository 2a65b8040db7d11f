"""Grid inspections."""
