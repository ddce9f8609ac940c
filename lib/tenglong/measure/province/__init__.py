"""Many counties side by side: how each stands, and what they have done together."""
