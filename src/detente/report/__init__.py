"""Charts and the brief: what is in the results, shown to people."""
