"""Long lists: a model over a snapshot of row numbers, and the view that shows it."""
