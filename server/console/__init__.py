"""The operator's console: pages made on the server, forms and links only, no script."""
