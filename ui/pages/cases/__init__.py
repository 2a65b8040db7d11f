"""案件: the work list, one case beside it, entry, papers and sheets."""
