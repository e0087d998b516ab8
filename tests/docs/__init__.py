"""What README and pages show is run, and pages that are generated are in step with the program."""
