"""The tests, as a package, so that the independent checker can be imported as `tests.oracle`."""
