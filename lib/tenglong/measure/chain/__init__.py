"""Industrial chains: directory, early warning, collateral."""
