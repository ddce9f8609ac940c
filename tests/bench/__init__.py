"""What the kit costs, beside what a user would otherwise run, side by side: `make bench`.

Nothing here passes or fails: machines are noisy. `row.py` declares what is measured, `cost.py`
measures a command with all its processes, `stock.py` makes the same pages the plain way,
`record.py` keeps what was found and `table.py` writes it down in `docs/benchmarks.md`.
"""
