"""What others published: series, periods, restatements, and our own figures beside them."""
