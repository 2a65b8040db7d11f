"""Small ground for desktop code: clock, ids, progress, paths, words, resources."""
