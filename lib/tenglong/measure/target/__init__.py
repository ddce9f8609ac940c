"""What a target means: kinds, clock, bands, and the whole plan judged on a day."""
