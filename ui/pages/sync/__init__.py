"""The sync page: how the line to the city stands, and everything that has not arrived."""
