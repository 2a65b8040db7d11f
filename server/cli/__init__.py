"""The city from the command line: run it, register districts, people and PCs, look at it, back it up."""
