"""The command line: `tenglong plan`, `tenglong targets`, `tenglong report`.

A command's module is imported when the command is called, so that `--help` answers at once.
"""

import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module

import click

from tenglong import __version__
from tenglong.errors import TenglongError, UsageError
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
    "due": ("tenglong.run.command.due:due", "Tell which reports are due, and make them."),
    "schedule": (
        "tenglong.run.command.schedule:schedule",
        "Let this machine make reports on time by itself.",
    ),
    "retain": ("tenglong.run.command.retain:retain", "Remove reports past what is kept."),
    "cache": (
        "tenglong.run.command.cache:cache",
        "Tell what is kept between reports, or clear it.",
    ),
}
INTERRUPTED = (130, 143)
PIPE_CLOSED = 141
OUT_OF_MEMORY = 71  # the code of BSD sysexits for what the system refuses
MEMORY = "memory has run out; close other programs, or make fewer reports at a time (--jobs)"


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


@dataclass
class Asked:
    """What is asked of every command alike."""

    is_debug: bool = False


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tenglong")
@click.option("--debug", is_flag=True, help="Print tracebacks, and what libraries say.")
@click.pass_obj
def app(asked: Asked | None, *, debug: bool) -> None:
    """Turn a county's tables into target scorecards, maps and reports (腾笼换鸟)."""
    if asked is not None:
        asked.is_debug = debug


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code (BSD sysexits, see `tenglong.errors`).

    Whatever goes wrong is told in a line; a traceback is printed where `--debug` asks for it.

    >>> main(["no-such-command"])
    64
    """
    console.adapt(sys.stdout, sys.stderr)
    asked = Asked()
    with console.guarded(lambda: asked.is_debug):
        code = _code(arguments, asked)
    return code if isinstance(code, int) else 0


def _code(arguments: Sequence[str] | None, asked: Asked) -> object:
    try:
        code = app.main(args=arguments, prog_name="tenglong", standalone_mode=False, obj=asked)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message())
        code = UsageError.exit_code
    except click.ClickException as error:
        code = _refuse(error.format_message(), UsageError.exit_code)
    except (click.Abort, KeyboardInterrupt):
        code = _refuse("interrupted", 130)
    except SystemExit as stop:
        code = stop.code
        if code in INTERRUPTED:  # see run.command.report
            _refuse("interrupted", 0)
        else:  # click leaves so when the reader has left (`tenglong plan | head`)
            code = PIPE_CLOSED
    except MemoryError as error:
        if asked.is_debug:
            traceback.print_exception(error)
        code = None
    except Exception as error:  # noqa: BLE001 - here each of them becomes a line and a code
        if asked.is_debug:
            traceback.print_exception(error)
        code = _told(error)
    # Only here the frames that held the memory are gone; hardly anything can be imported.
    return _refuse(MEMORY, OUT_OF_MEMORY) if code is None else code


def _told(error: Exception) -> int:
    if isinstance(error, TenglongError):
        if error.zh:
            _refuse(error.zh, error.exit_code)
        return _refuse(str(error), error.exit_code)
    if isinstance(error, OSError) and console.is_unwritable(error):
        console.give_up()
    from tenglong.run.refusal import refusal  # noqa: PLC0415 - hardly any command needs it

    found = refusal(error)
    return _refuse(found.message, found.code)


def _refuse(message: str, code: int) -> int:
    with suppress(OSError):  # where nobody can be told, the code tells it
        print(f"tenglong: {' '.join(message.split())}", file=sys.stderr, flush=True)
    return code
