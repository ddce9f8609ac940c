"""The plan judged: every clause on a day by its indicator, and what changed between two days."""
