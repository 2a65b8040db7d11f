"""Forms: a widget per type, a label beside it, and what is wrong said under it."""
