"""The desk's half of the line to the city: no Qt, no clock and no chance of its own."""
