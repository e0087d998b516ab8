"""Published results that road maps must reproduce."""
