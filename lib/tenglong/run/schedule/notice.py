"""A notice: somebody is told what became of a report, by a command or by a mail that lies ready."""

import json
import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from pathlib import Path

from tenglong.run.schedule.desk import own_file
from tenglong.run.schedule.settings import Asked, Mail, Tell
from tenglong.show.words import word

PREFIX = "TENGLONG_"
NOBODY = "tenglong.invalid"  # a mail's id names no machine
OWN_FOLDER = 0o700


@dataclass(frozen=True)
class Notice:
    """What became of a report.

    Attributes
    ----------
    bundle, county
        The name of the bundle's folder, and of the county in the report's language.
    number
        That of the publication, 0 for the first; None where none stands.
    report
        Where it stands below the folder of reports; empty where none does.
    code, line
        Of a failure: the exit code, and the reason in one line.
    """

    event: Tell
    at: str
    bundle: str
    county: str
    period: str
    number: int | None = None
    report: str = ""
    code: int = 0
    line: str = ""

    @property
    def variables(self) -> Mapping[str, str]:
        """Give it as environment variables: TENGLONG_EVENT, TENGLONG_PERIOD and so on."""
        values = {name: "" if said is None else str(said) for name, said in asdict(self).items()}
        return {f"{PREFIX}{name.upper()}": said for name, said in values.items()}

    def text(self, part: str, language: str) -> str:
        """Give a part of the mail about it in a language."""
        return word(
            f"schedule.mail.{self.event}.{part}",
            language,
            county=self.county,
            period=self.period,
            number=self.number or 0,
            report=self.report,
            code=self.code,
            line=self.line,
        )


def call(notice: Notice, asked: Asked) -> str:
    """Let the command know: JSON on its standard input, the same in its environment.

    Returns
    -------
    str
        Why it could not be told; empty where it was.
    """
    limit_s = asked.settings.time_limit_s
    try:
        process = subprocess.Popen(  # noqa: S603 - it is the user's own command
            asked.settings.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=asked.folder,
            env={**os.environ, **notice.variables},
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return f"the command cannot be run: {getattr(error, 'strerror', None) or error}"
    try:
        process.communicate(json.dumps(asdict(notice), ensure_ascii=False).encode(), limit_s)
    except subprocess.TimeoutExpired:
        return f"the command took longer than {limit_s} s and was ended"
    finally:
        _end(process)
    return f"the command ended with code {process.returncode}" if process.returncode else ""


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kill a command that still runs, with what it has started."""
    if process.poll() is not None:
        return
    if os.name == "nt":
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def post(notice: Notice, mail: Mail, outbox: Path, now: datetime) -> str:
    """Lay a mail ready, a file that a mail program opens and any mailer sends; none is sent here.

    Returns
    -------
    str
        Why it could not be; empty where it was.
    """
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = mail.sender, ", ".join(mail.to)
    message["Subject"] = notice.text("subject", "zh")
    message["Date"] = now
    message["Message-ID"] = make_msgid(domain=NOBODY)
    message["X-Unsent"] = "1"  # Outlook opens it as a draft
    message.set_content("\n\n".join(notice.text("body", language) for language in ("zh", "en")))
    name = f"{now:%Y%m%dT%H%M%S}-{notice.period}-{notice.event}.eml"
    try:
        outbox.mkdir(mode=OWN_FOLDER, exist_ok=True)
        draft = outbox / f".{name}.new"
        with os.fdopen(own_file(draft, os.O_TRUNC), "wb") as file:
            file.write(message.as_bytes())
        draft.replace(outbox / name)
    except OSError as error:
        return f"the mail cannot be written: {error.strerror or error}"
    return ""
