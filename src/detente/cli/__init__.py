"""The command line: parse, call one verb, render, exit with its status."""
