"""Make sure that a bundle's plan and policy can work, before anything is run."""

from collections.abc import Iterator

from tenglong.errors import ConfigurationError, zh_of
from tenglong.measure.board.declared import plan_faults
from tenglong.measure.clause import Plan
from tenglong.measure.county import County
from tenglong.measure.plan.lint import placeholders
from tenglong.measure.sheet.soundness import (
    policy_faults,
    policy_placeholders,
    population_faults,
)
from tenglong.run.limits import limits_of
from tenglong.source.bundle import Bundle
from tenglong.source.description import Description
from tenglong.source.plan import load_plan
from tenglong.source.policy import load_policy
from tenglong.source.problem import Problem, Spot
from tenglong.source.schema import labels


def configuration_faults(about: Description) -> tuple[str, ...]:
    """Tell everything that is wrong with the plan and the policy of a bundle."""
    faults: list[str] = []

    def more(plan: Plan) -> Iterator[str]:
        yield from plan_faults(plan)
        policy = load_policy(about.policy, beside=about.path)
        yield from population_faults(plan, policy, labels())

    try:
        load_plan(about.plan_choice, also=more)
    except ConfigurationError as error:
        faults += error.faults
    try:
        faults += policy_faults(bare_county(about))
        limits_of(load_policy(about.policy, beside=about.path))
    except ConfigurationError as error:
        faults += [fault for fault in error.faults if fault not in faults]
    return tuple(faults)


def bare_county(about: Description) -> County:
    """Give a county with its plan and its policy, and no table.

    Raises
    ------
    ConfigurationError
        If the plan or the policy cannot be read.
    """
    return Bundle(about, {}, ()).on(about.as_of)


def require_sound(about: Description) -> None:
    """Refuse a plan or a policy that cannot work.

    Raises
    ------
    ConfigurationError
        With everything that is wrong.
    """
    if faults := configuration_faults(about):
        raise ConfigurationError("; ".join(faults), faults)


def configuration_problems(about: Description) -> tuple[Problem, ...]:
    """Tell the same as problems of their files, with what is left out of a sound policy."""
    faults = configuration_faults(about)
    if faults:
        return tuple(_problem(about, fault) for fault in faults)
    county = bare_county(about)
    return (*placeholder_problems(about, county), *left_out_problems(county))


def placeholder_problems(about: Description, county: County) -> tuple[Problem, ...]:
    """Tell what of the plan, and of the policy, is still the sample that a new bundle brings."""
    spot = Spot(about.plan)
    of_plan = tuple(spot.problem("placeholder", value=one) for one in placeholders(county.plan))
    policy = load_policy(about.policy, beside=about.path)  # without the plan's own words
    of_policy = tuple(
        Spot(f"{about.policy}/{file}.yml").problem("placeholder_rule", row=line or None, value=text)
        for file, line, text in policy_placeholders(policy)
    )
    return (*of_plan, *of_policy)


def left_out_problems(county: County) -> tuple[Problem, ...]:
    """Tell what of the policy is left out, since the plan has no such clause."""
    return tuple(
        Spot(f"{one.file}.yml").problem("left_out", name=one.name.zh, name_en=one.name.en)
        for one in county.left_out
    )


def _problem(about: Description, fault: str) -> Problem:
    if fault.startswith("policy"):
        return Spot(about.policy).problem("policy_fault", fault=fault, fault_zh=zh_of(fault))
    return Spot(about.plan).problem("plan_fault", fault=fault, fault_zh=zh_of(fault))
