"""Tests of the mathematics of incentives."""
