"""版本和许可: what the program is made of."""
