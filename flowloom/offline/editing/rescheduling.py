"""When a workflow runs: another time, other days, another trigger."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flowloom.offline.editing import edit_forms as forms
from flowloom.offline.editing.editing import Editing
from flowloom.offline.editing.shifting import shifted
from flowloom.offline.timing.schedule import find_schedule, zone_in
from flowloom.offline.timing.triggers import find_trigger
from flowloom.workflow.edits import SetValue, UnsetValue

__all__ = ["Rescheduling"]

_RUN = re.compile(
    r"^(?:(?:please|just|only|instead|now|also|rather)\s+)*"
    r"(?:(?:run|start|trigger|do|execute|schedule|launch|make|let|have|set|move|change|switch"
    r"|shift|begin"
    r"|post|send)\b[^⟦]*?\b)?(?:(?:at|by|every|each|on|to|in|for|daily|hourly|weekly|monthly"
    r"|once|twice"
    r"|from|weekdays|weekends|instead)\b|\d)",
    re.I,
)
_WHOLE = re.compile(
    r"\b(?:it|this|that|everything|the (?:workflow|flow|whole|schedule|trigger|job|run|time)|all)\b"
    r"|^(?:every|each|at|daily|hourly|weekly|monthly|run|start|execute|schedule|launch|trigger)\b",
    re.I,
)
_CLOCK = re.compile(
    r"\b(?:at|to|by|from)\s+(?P<time>\d{1,2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?(?:\s*o'?clock)?|noon"
    r"|midnight"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?:\s*[ap]\.?m\.?)?"
    r")(?![\w:/.-]*\w)",
    re.I,
)
_WITH_WEEKENDS = re.compile(
    r"\bweekends?\s+(?:included|too|also|as well)\b|\b(?:also|including|even)\s+(?:on\s+|at\s+)?"
    r"(?:the\s+)?weekends?\b|\b(?:seven|7) days a week\b|\bevery day\b|\bdaily\b",
    re.I,
)
_NO_WEEKENDS = re.compile(
    r"\b(?:not|never|except|without|excluding|but not|no)\s+(?:on\s+|at\s+)?(?:the\s+)?weekends?\b"
    r"|\b(?:only\s+)?on\s+(?:weekdays|working days|workdays)\b"
    r"|\bonly\s+(?:weekdays|working days)\b",
    re.I,
)
_DAYS_ONLY = re.compile(
    r"^(?:only\s+|just\s+|also\s+|but\s+|not\s+)*(?:on|at|every|each|except|from)\s+"
    r"(?:(?:on|the|and|to|through|until|every|each|at|am|pm|noon|midnight|\d{1,2}(?::\d\d)?"
    r"|week(?:day|end)s?|work(?:ing )?days?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|,)\s*)+"
    r"(?:,?\s*(?:please|instead|only))*$",
    re.I,
)
_TIME = r"(?:\d{1,2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?(?:\s*o'?clock)?|noon|midnight)"
_OTHER_TIME = re.compile(
    rf"^(?:(?:at|make it|better)\s+)*(?P<time>{_TIME}),?\s+(?:and\s+)?"
    rf"(?:not|instead of|rather than)\s+(?:at\s+)?(?P<old>{_TIME})$",
    re.I,
)


@dataclass
class Rescheduling(Editing):
    """Changes the trigger."""

    def _reschedule_sentence(self, text: str) -> bool:
        """ "Run it at 7:30 instead, weekends included": about the workflow, not about a step."""
        match = forms.STARTS_WHEN.match(text)
        if match and find_schedule(text) is None:
            return self._new_trigger(match.group("event"))
        if match := forms.IN_ZONE.match(text):
            return self._in_zone(match.group("zone"))
        if _DAYS_ONLY.match(text):
            return self.reschedule(text)
        if (match := _OTHER_TIME.match(text)) and self._runs_at(match.group("old")):
            return self.reschedule(f"at {match.group('time')}")
        if self._names_only_a_rhythm(text):
            return self.reschedule(text)
        if not _RUN.match(text) or not _WHOLE.search(text):
            return False
        return self.reschedule(text)

    def _runs_at(self, time: str) -> bool:
        given = (self.existing.data.get("trigger") or {}).get("with") or {}
        schedule = find_schedule(f"every day at {time}")
        now = str(given.get("cron", "")).split()
        return schedule is not None and len(now) == 5 and now[1] == schedule.cron.split()[1]

    def _names_only_a_rhythm(self, text: str) -> bool:
        """ "Check every 10 minutes": beside the schedule there is but a verb."""
        given = (self.existing.data.get("trigger") or {}).get("with") or {}
        schedule = find_schedule(text)
        if schedule is None or "cron" not in given or "⟦" in text:
            return False
        rest = f"{text[: schedule.start]} {text[schedule.end :]}"
        words = re.sub(r"\b(?:please|instead|now|only|it|already)\b|[,.]", " ", rest, flags=re.I)
        return len(words.split()) <= 1

    def _in_zone(self, words: str) -> bool:
        plain = self.nester.masked.unmask(words, quotes=False)
        zone = zone_in(f"in {plain}") or zone_in(f"in {plain} time")
        given = (self.existing.data.get("trigger") or {}).get("with") or {}
        if not zone or "cron" not in given:
            return False
        self.changes.append(SetValue(path="trigger.with.timezone", value=zone))
        return True

    def reschedule(self, text: str) -> bool:
        """Change when it runs, as far as words say it; the rest of its schedule stays."""
        trigger = self.existing.data.get("trigger") or {}
        given = trigger.get("with") or {}
        now = str(given.get("cron", ""))
        cron = shifted(text, now) if shifted(text, now) != now else self._cron(text, now)
        zone = zone_in(text) or ""
        if not cron and not zone:
            return False
        if "cron" not in given:
            return bool(cron) and self._new_trigger(text)
        if cron and cron != given["cron"]:
            self.changes.append(SetValue(path="trigger.with.cron", value=cron))
        if zone and zone != given.get("timezone"):
            self.changes.append(SetValue(path="trigger.with.timezone", value=zone))
        return True

    def _new_trigger(self, text: str) -> bool:
        found = find_trigger(text, self.nester.masked, self.existing.catalog)
        if found.data is None:
            return False
        self.renderer.assumptions += found.assumptions
        self.changes.append(SetValue(path="trigger", value=found.data))
        return True

    def _cron(self, text: str, before: str) -> str:
        bare = _NO_WEEKENDS.sub("", _WITH_WEEKENDS.sub("", text))
        schedule = find_schedule(bare)
        clock = _CLOCK.search(bare)
        old = before.split() if len(before.split()) == 5 else []
        if schedule is not None and not old:
            return schedule.cron
        if schedule is not None and not schedule.assumed and bare == text:
            return schedule.cron
        new = (schedule.cron if schedule else "").split() or old
        if clock:
            timed = find_schedule(f"every day at {clock.group('time')}")
            minute, hour = timed.cron.split()[:2] if timed else ("0", "9")
            new = [minute, hour, *(new[2:] or ["*", "*", "*"])]
        elif schedule is not None and old:
            new = [*old[:2], *new[2:]]  # other days, at the same time
        return self._weekends(text, new, changed=bool(clock or schedule))

    def _weekends(self, text: str, cron: list[str], *, changed: bool) -> str:
        if not cron:
            return ""
        if _NO_WEEKENDS.search(text):
            return " ".join([*cron[:4], "1-5"])
        if _WITH_WEEKENDS.search(text):
            return " ".join([*cron[:4], "*"])
        return " ".join(cron) if changed else ""

    def _by_hand(self, text: str) -> bool:
        """ "Don't run it on a schedule any more": without trigger it is started by hand."""
        match = re.match(
            r"^(?:remove|drop|delete)\s+the\s+(?:trigger|schedule)$"
            r"|^(?:do not|don['’]t|stop)\s+run(?:ning)?\s+(?:it|this)\s+"
            r"(?:on a schedule|automatically)",
            text,
            re.I,
        )
        if match is None or "trigger" not in self.existing.data:
            return False
        self.changes.append(UnsetValue(path="trigger"))
        return True
