"""Many reports in one run: which they are, who makes them, and how they land."""
