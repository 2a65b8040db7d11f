"""Charts by pyqtgraph, which is imported when the first one is drawn and not before."""
