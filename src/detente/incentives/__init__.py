"""The mathematics of model §3-§8: arrays in, arrays out."""
