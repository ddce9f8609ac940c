"""The ways to divide a bundle into reports."""

from tenglong.measure.reading import Grain

TOWNSHIP = "township"
WAYS = (TOWNSHIP, *(grain.value for grain in Grain))
