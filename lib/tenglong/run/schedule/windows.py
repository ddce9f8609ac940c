"""An errand as a task of the Windows Task Scheduler."""

import subprocess
from datetime import date
from xml.etree import ElementTree as ET

from tenglong.run.schedule.errand import Errand

SPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
ENCODING = "utf-16"  # what schtasks reads, with its mark
HEAD = '<?xml version="1.0" encoding="UTF-16"?>\n'


def task_of(errand: Errand, since: date) -> str:
    """Give the task's XML.

    It asks every hour from a day on. The hour of that day carries its offset from UTC, so that the
    task runs by the clock of the rule on a machine of any time zone.
    """
    program, *words = errand.words
    limit = errand.rule.time_limit_minutes
    return HEAD + _xml(
        {
            "RegistrationInfo": {"Description": errand.about},
            "Triggers": {
                "TimeTrigger": {
                    "Enabled": "true",
                    "StartBoundary": errand.rule.on(since).isoformat(),
                    "Repetition": {"Interval": "PT1H"},
                }
            },
            "Settings": {
                "MultipleInstancesPolicy": "IgnoreNew",
                "DisallowStartIfOnBatteries": "false",
                "StopIfGoingOnBatteries": "false",
                "StartWhenAvailable": "true",
                "ExecutionTimeLimit": f"PT{limit * 2}M",
                "Priority": "7",
            },
            "Actions": {
                "Exec": {
                    "Command": program,
                    "Arguments": subprocess.list2cmdline(words),
                }
            },
        }
    )


def _xml(parts: dict[str, object]) -> str:
    task = ET.Element("Task", {"version": "1.2", "xmlns": SPACE})
    _fill(task, parts)
    ET.indent(task)
    return ET.tostring(task, encoding="unicode") + "\n"


def _fill(element: ET.Element, parts: dict[str, object]) -> None:
    for name, held in parts.items():
        child = ET.SubElement(element, name)
        if isinstance(held, dict):
            _fill(child, held)
        else:
            child.text = str(held)
