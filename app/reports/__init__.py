"""Paper and sheets made from records."""
