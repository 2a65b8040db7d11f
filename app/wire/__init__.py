"""The words desk and city speak with each other: envelopes as pydantic classes, shared by both halves."""
