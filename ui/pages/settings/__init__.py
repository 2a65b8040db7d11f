"""The settings of the office, its people, its tables and this PC."""
