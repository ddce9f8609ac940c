"""Projects from signing to capacity, and their investment."""
