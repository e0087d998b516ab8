"""Tests of the case language."""
