"""Receiving changes, serving pages, and the one place that numbers the feed."""
