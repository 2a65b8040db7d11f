"""Small controls the pages are put together from."""
