"""What things are and what may happen: pure rules over frozen records."""
