"""Routes: unpack, call, pack."""
