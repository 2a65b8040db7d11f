"""The local encrypted file: tables, transactions, queries, search, keys, files, backup."""
