"""GridDesk without a screen: rules, use cases, reports and the command line."""
