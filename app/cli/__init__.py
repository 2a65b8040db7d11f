"""The command line, for scheduled tasks and technicians' scripts."""
