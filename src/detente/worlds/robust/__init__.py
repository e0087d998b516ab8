"""The road map that stands in most possible worlds (plan --objective robust-worlds)."""
