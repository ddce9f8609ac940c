"""What a county has supplied, and what it has not."""
