"""Energy and carbon: fuels, the grid, intensity, carbon efficiency."""
