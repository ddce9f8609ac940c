"""Kernels of notebooks: forked from a warm process that has all imports, or started as usual."""
