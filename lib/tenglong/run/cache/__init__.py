"""What was made once and is not made again: pages by content, between runs."""
