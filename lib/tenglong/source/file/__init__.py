"""How a file is opened, and its table found in it."""
