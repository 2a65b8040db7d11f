"""The schema's history; each version frozen for ever."""
