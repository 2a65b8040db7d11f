"""The operator's pages in the browser, rendered here."""
