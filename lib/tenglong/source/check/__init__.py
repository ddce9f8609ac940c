"""What is checked of a table: totals, columns out of place, persons, names of places."""
