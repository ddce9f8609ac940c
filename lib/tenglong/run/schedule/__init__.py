"""On time, alone: what is due, made by itself, told to whoever looks after it."""
