"""Fuels: how a quantity of each becomes tonnes of standard coal, electricity at its equal value.

Coefficients after GB/T 2589-2020; the equal value of electricity is 0.300 kgce/kWh in every
year, so that 10,000 kWh count as three tonnes.
"""

from collections.abc import Mapping

ELECTRICITY = "electricity_10k_kwh"
TCE = {
    ELECTRICITY: 3.0,
    "coal_t": 0.7143,
    "gas_10k_m3": 13.3,
    "diesel_t": 1.4571,
    "gasoline_t": 1.4714,
    "heat_gj": 0.03412,
}


def split(energy_tce: float, shares: Mapping[str, float]) -> dict[str, float]:
    """Split an amount of energy into fuels by their shares; electricity takes the rest.

    >>> split(100, {"coal_t": 0.5})
    {'coal_t': 70.0, 'electricity_10k_kwh': 16.67}
    """
    amounts = {fuel: share * energy_tce for fuel, share in shares.items()}
    amounts[ELECTRICITY] = energy_tce - sum(amounts.values())
    return {fuel: round(amount / TCE[fuel], 2) for fuel, amount in amounts.items()}


def total_tce(quantities: Mapping[str, float]) -> float:
    """Add fuels up.

    >>> total_tce({"coal_t": 70.0, "electricity_10k_kwh": 16.67})
    100.01
    """
    return round(sum(TCE[fuel] * quantity for fuel, quantity in quantities.items()), 2)
