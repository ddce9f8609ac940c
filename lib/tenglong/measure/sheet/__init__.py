"""What a page needs, one file a page: everything its notebook shows, measured once."""
