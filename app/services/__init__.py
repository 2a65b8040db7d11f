"""What an office does: one class per noun, one transaction per method."""
