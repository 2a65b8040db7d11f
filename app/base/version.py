"""The program's version, as the windows, the command line and the installers say it."""

VERSION = "0.3.0"
