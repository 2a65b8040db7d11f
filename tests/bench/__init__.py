"""Speed and memory, each beside its baseline in the same run: `python dev.py bench`."""
