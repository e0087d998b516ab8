"""An independent checker of what a road map is worth and when it pays to leave it (see README.md here)."""
