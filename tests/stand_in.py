"""A command of a test's own, in the place of one of the kit's."""

import sys
import types

import click

from tenglong.run import cli


def standing_for(monkeypatch, function):
    """Let `tenglong report` be another command."""
    module = types.ModuleType("stand_in_command")
    module.command = click.command()(function)
    monkeypatch.setitem(sys.modules, "stand_in_command", module)
    monkeypatch.setitem(cli.COMMANDS, "report", ("stand_in_command:command", "x"))
