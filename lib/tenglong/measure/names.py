"""What units and townships are called: one name each, and an English one where the data has it."""

from collections.abc import Mapping

import pandas as pd

from tenglong.measure.clause import Label, Plan


def names_of(
    plan: Plan, townships: pd.DataFrame | None, beside: Mapping[str, str] | None = None
) -> Mapping[str, Label]:
    """Give what pages call the plan's units and the townships, by their names in the data.

    Parameters
    ----------
    plan
        A unit of several names (`same_unit`) has the first; its English name is of `unit_names`.
    townships
        The table, with `name` and perhaps `name_en`; None where it was not supplied.
    beside
        English names of units that are not the plan's.

    >>> from dataclasses import replace
    >>> plan = replace(
    ...     example_county().plan,
    ...     same_unit=(("县甲局", "县甲办"),),
    ...     unit_names={"县甲局": "County Bureau A"},
    ... )
    >>> towns = pd.DataFrame({"name": ["大峃镇", "二源镇"], "name_en": ["Daxue Town", None]})
    >>> {name: label.en for name, label in names_of(plan, towns).items()}
    {'县甲局': 'County Bureau A', '县甲办': 'County Bureau A', '大峃镇': 'Daxue Town'}
    """
    known = {**(beside or {}), **plan.unit_names}
    names = {name: Label(name, english) for name, english in known.items()}
    for first, *others in plan.same_unit:
        label = names.get(first, Label(first, first))
        names |= dict.fromkeys((first, *others), label)
    if townships is not None and {"name", "name_en"} <= set(townships.columns):
        both = townships[["name", "name_en"]].dropna()
        names |= {
            str(name): Label(str(name), str(own)) for name, own in both.itertuples(index=False)
        }
    return names
