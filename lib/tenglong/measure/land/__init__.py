"""Industrial land: parcels and their states, supply, contracts, control line."""
