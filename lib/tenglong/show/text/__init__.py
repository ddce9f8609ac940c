"""What stands on a terminal: the plan, an explanation, the problems of a bundle."""
