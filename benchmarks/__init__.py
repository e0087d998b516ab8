"""Speed and memory, printed beside what is aimed at: `make bench`. Nothing here is a test; machines differ."""
