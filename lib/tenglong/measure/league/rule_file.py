"""Read the leagues from the policy, with everything that is wrong told at once."""

from collections.abc import Iterator, Mapping
from typing import Any

from tenglong.errors import ConfigurationError, Fault, did_you_mean, is_it
from tenglong.measure.league.rule import LeagueRule, LeagueRules
from tenglong.measure.league.rule_check import league_faults
from tenglong.measure.policy.file import policy_file
from tenglong.shape import fault_at


def league_rules(policy: Mapping[str, Any]) -> Mapping[str, LeagueRule]:
    """Read `data/policy/league.yml`: the leagues by their names.

    Raises
    ------
    ConfigurationError
        If keys or values are wrong; every fault is told at once.

    >>> list(league_rules(load_policy()))
    ['townships', 'departments']
    """

    def faults(file: LeagueRules, raw: Any) -> Iterator[Fault]:
        for name, rule in file.leagues.items():
            for place, said in league_faults(rule, f"leagues.{name}"):
                yield fault_at(raw, place, said.en, said.zh)

    return policy_file(LeagueRules, policy, "league", also=faults).leagues


def league_rule(policy: Mapping[str, Any], name: str) -> LeagueRule:
    """Give one league.

    Raises
    ------
    ConfigurationError
        If there is no such league, or the file is malformed.

    >>> league_rule(load_policy(), "departments").is_of_units
    True
    """
    leagues = league_rules(policy)
    if name not in leagues:
        en = f"there is no league {name!r}{did_you_mean(name, leagues)}"
        lacks = Fault(en, f"没有赛马“{name}”{is_it(name, leagues)}")
        raise ConfigurationError.of_policy("league", [lacks])
    return leagues[name]
