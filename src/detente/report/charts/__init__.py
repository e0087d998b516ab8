"""Charts as plain Vega-Lite dicts, one module for each."""
