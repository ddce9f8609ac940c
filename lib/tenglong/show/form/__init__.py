"""A bundle to fill: its workbooks, layers, dictionary and bundle.yml."""
