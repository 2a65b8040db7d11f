"""Steps from each released schema of the city to the next."""
