"""The command line: `tenglong plan`, `tenglong targets`, `tenglong report`.

A command's module is imported when the command is called, so that `--help` answers at once.
"""

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from tenglong import __version__
from tenglong.errors import TenglongError, UsageError, WriteError
from tenglong.run import console

# Name → where its command stands, and the line that `tenglong --help` shows.
COMMANDS = {
    "check": ("tenglong.run.command.check:check", "Tell all that is wrong with a bundle's files."),
    "new": ("tenglong.run.command.new:new", "Make a bundle to fill in, with its Excel forms."),
    "simulate": ("tenglong.run.command.simulate:simulate", "Invent counties, for trials of scale."),
    "plan": ("tenglong.run.command.plan:plan", "Print the plan: its clauses, tasks and units."),
    "targets": ("tenglong.run.command.targets:targets", "Judge every clause of the plan."),
    "explain": ("tenglong.run.command.explain:explain", "Tell how one figure came about."),
    "report": ("tenglong.run.command.report:report", "Run the notebooks and publish a report."),
    "retain": ("tenglong.run.command.retain:retain", "Remove reports past what is kept."),
    "cache": (
        "tenglong.run.command.cache:cache",
        "Tell what is kept between reports, or clear it.",
    ),
}
INTERRUPTED = (130, 143)
PIPE_CLOSED = 141


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the commands in the order of the work."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command, or give None for a name that is not one."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with their one-line help, importing none."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tenglong")
def app() -> None:
    """Turn a county's tables into target scorecards, maps and reports (腾笼换鸟)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code (BSD sysexits, see `tenglong.errors`).

    >>> main(["no-such-command"])
    64
    """
    console.adapt(sys.stdout, sys.stderr)
    try:
        code = app.main(args=arguments, prog_name="tenglong", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message())
        code = UsageError.exit_code
    except click.ClickException as error:
        code = _refuse(error.format_message(), UsageError.exit_code)
    except TenglongError as error:
        if error.zh:
            _refuse(error.zh, error.exit_code)
        code = _refuse(str(error), error.exit_code)
    except OSError as error:
        if not console.is_unwritable(error):
            raise
        console.give_up()
        code = _refuse(f"cannot write the output: {error.strerror}", WriteError.exit_code)
    except (click.Abort, KeyboardInterrupt):
        code = _refuse("interrupted", 130)
    except SystemExit as stop:
        code = stop.code
        if code in INTERRUPTED:  # see run.interrupt
            _refuse("interrupted", 0)
        else:  # click leaves so when the reader has left (`tenglong plan | head`)
            code = PIPE_CLOSED
    return code if isinstance(code, int) else 0


def _refuse(message: str, code: int) -> int:
    print(f"tenglong: {' '.join(message.split())}", file=sys.stderr)
    return code
