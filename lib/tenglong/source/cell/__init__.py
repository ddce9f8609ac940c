"""How the cells of a column become values."""
