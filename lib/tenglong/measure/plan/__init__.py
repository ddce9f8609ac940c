"""The plan itself, checked: what in its text repeats, clashes or cannot be judged."""
