"""The findings of model §7, each with its witness."""
