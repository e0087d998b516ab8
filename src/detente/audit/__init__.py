"""The judge of road maps: findings with witnesses, verdicts decided exactly, answers checked from scratch."""
