"""The parts of the brief, each a function from its content to blocks."""
