"""Firms by year, their land and taxes, and the ratios of sums over them."""
