"""Turns of phrase that spread over clauses, put into the plain forms that the stages read.

"Anything but a 200: …" is "if the status is not 200, …", "row by row, …" is "for each row, …".
Each rule stands for a kind of language and is applied to the masked text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from flowloom.offline.reading.colons import is_a_schedule
from flowloom.offline.reading.lexicon import NUMBERS

__all__ = ["rephrased", "rephrased_change"]

_START = (
    r"(?P<start>^|[.;!?:]\s+|\n\s*(?:[-*•]\s+|\d+[.)]\s+)?|,\s+(?:and\s+|but\s+)?"
    r"|\s(?:and|but)\s+)"
)
_SENTENCE = r"(?P<start>^|[.;!?]\s+|\n\s*(?:[-*•]\s+|\d+[.)]\s+)?)"
_AUX = r"(?:is|are|was|were|does|do|did|has|have|had)"
_NEGATED = r"(?:(?:is|are|was|were|does|do|did|has|have|had)(?:n['’]t| not))"
_MAIL = r"(?:an?\s+(?:e-?mail|mail|message|letter|notification|reminder|invitation)|(?:e-?)?mailed)"
_GAVE = (
    r"(?:returned|returns|found|finds|gave|gives|yielded|yields|brought\s+up|came\s+back\s+with"
    r"|comes\s+back\s+with)"
)
_THINGS = r"(?:rows?|results?|records?|hits|matches|entries|items|data)"
_CHANGED = re.compile(r"(?i)\b(?:it|that|this|there|they)['’](?P<verb>s|re)(?=\s+(?!been\b))")

_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def _started(match: re.Match[str], text: str) -> str:
    """Begin a sentence of its own where a clause began after a comma or "and"."""
    start = match.group("start")
    if start.strip(" ,") in ("", "and", "but") and "\n" not in start and start:
        start = ". "
    return f"{start}{text}"


def _conditional(match: re.Match[str]) -> str:
    return _started(match, "if ")


def _asked(match: re.Match[str]) -> str:
    """ "No rows? Post …" is "if there are no rows, post …"."""
    what = match.group("what").strip()
    lead = "it is" if _COMPARED.match(what) else "there are"
    if lead == "there are":
        what = re.sub(r"^(?:some|any)\s+", "", what, flags=re.I)
    return f"{match.group('start')}if {lead} {what[0].lower()}{what[1:]}, "


_COMPARED = re.compile(
    r"(?i)^(?:bigger|larger|smaller|older|newer|longer|shorter|higher|lower|above|below|over|under"
    r"|empty|true|false|missing|not\s+\w+|\w+ed)\b"
)


def _counted(match: re.Match[str]) -> str:
    what, rest = match.group("what").strip(), match.group("rest")
    return f"{match.group('start')}if there are {what}, {rest}"


def _labelled(match: re.Match[str]) -> str:
    """ "Trigger: weekdays 8:45. Steps: …", "Trigger: a mail arrives. Action: …"."""
    event = match.group("event").strip()
    return f"{event}: " if is_a_schedule(event) else f"When {event}, "


def _in_the_evening(match: re.Match[str]) -> str:
    part = "am" if match.group("part").lower() == "morning" else "pm"
    word = match.group("hour").lower()
    hour = NUMBERS.get(word) or (int(word) if word.isdigit() else 0)
    if not 1 <= hour <= 12:
        return match.group(0)
    day = match.group("day").lower()
    return f"every {'day' if day == 'every' else match.group('day')} at {hour} {part}"


def _question(match: re.Match[str]) -> str:
    """ "Is it below 5? Post …" is "if it is below 5, post …"."""
    verb, subject, rest = match.group("verb").lower(), match.group("subject"), match.group("rest")
    subject = re.sub(r"(?i)\b(its|the)\s+(?:field|column|value)\s+(?=\w)", r"\1 ", subject)
    if verb in ("does", "do"):
        first, _, more = rest.strip().partition(" ")
        said = {"have": "has", "do": "does"}.get(first, f"{first}s")
        rest, verb = more, said if verb == "does" else first
    return f"{match.group('start')}if {subject} {verb} {rest.strip()}, "


def _by_turns(match: re.Match[str]) -> str:
    return _started(match, f"for each {match.group('noun').lower()}, ")


def _in_the_day(match: re.Match[str]) -> str:
    word = match.group("hour").lower()
    hour = NUMBERS.get(word) or (int(word) if word.isdigit() else 0)
    if not 1 <= hour <= 12:
        return match.group(0)
    return f"{hour} {'am' if match.group('part').lower() == 'morning' else 'pm'}"


def _several(match: re.Match[str]) -> str:
    """ "… to issues 4, 5 and 9 of x": the same for each number."""
    numbers = re.findall(r"\d+", match.group("numbers"))
    lead, noun, rest = match.group("lead"), match.group("noun"), match.group("rest")
    return match.group("start") + ". ".join(f"{lead} {noun} {n}{rest}" for n in numbers)


def _cases(match: re.Match[str]) -> str:
    """ "Depending on x: for "a" …, for "b" …, otherwise …" is a chain of conditions."""
    subject, rest = match.group("subject").strip(), match.group("rest")
    subject = re.sub(r"(?i)\b(its|the)\s+(?:field|column|value|key)\s+(?=\w)", r"\1 ", subject)
    rest = re.sub(
        r"(?i),?\s+(?:and\s+)?(?:for|in)\s+(?:anything|everything|any\s+other\s+case"
                r"|all\s+other\s+cases)"
        r"(?:\s+else)?,?\s+|,?\s+(?:and\s+)?(?:otherwise|else),?\s+", ". Otherwise, ", rest,
    )  # fmt: skip
    rest = re.sub(
        r"(?i)(?:^|,?\s+(?:and\s+)?)(?:in\s+case\s+of|for|on|if|when"
                r"|with)\s+(?P<value>⟦\d+⟧),?:?\s+",
        lambda found: f". {'If' if not found.start() else 'Else if'} {subject} is "
                f"{found.group('value')}, ", rest,
    )  # fmt: skip
    return f"{match.group('start')}{rest.lstrip('. ')}"


_THAT_IS = re.compile(r"(?i)\b(?P<be>is|are|was|has|does)(?:n['’]t)\b")


def _each_that(match: re.Match[str]) -> str:
    """ "Merge each one that is not a draft" is "for each of them, if it is …, merge it"."""
    condition = _THAT_IS.sub(r"\g<be> not", match.group("condition").strip())
    noun = match.group("noun").strip().lower()
    each = "of them" if noun in ("one", "of them") else noun
    verb, rest = match.group("verb"), match.group("rest") or ""
    return _started(match, f"For each {each}, if it {condition}, {verb} it{rest}")


def _opposite(match: re.Match[str]) -> str:
    """ "If it is red, …. If it isn't, …": after a condition, its opposite."""
    before = match.string[: match.start()]
    conditional = re.search(
        r"(?i)(?<!check )(?<!see )(?<!verify )(?<!test )(?<!look )(?<!out )\b(?:if|when|unless"
        r"|in\s+case|as\s+long\s+as|should)\b", before,
    )  # fmt: skip
    return ". Otherwise, " if conditional else match.group(0)


def _whether(match: re.Match[str]) -> str:
    """ "I want to know whether X. When it is, …, when it isn't, …"."""
    return f"{match.group('start')}If {match.group('condition').strip()}, "


_RULES: tuple[_Rule, ...] = (
    (_CHANGED, lambda m: f"{m.group(0)[: m.group(0).find(m.group('verb')) - 1]} "
                         f"{'is' if m.group('verb') == 's' else 'are'}"),
    # Labels of the parts: "Trigger: a mail arrives. Action: …".
    (re.compile(r"(?is)^(?:[^:]*?[.\n]\s*)?(?:trigger|event|when"
                r"|start)\s*:\s*(?:when\s+)?(?P<event>[^.\n]+)[.\n]\s*"
                r"(?:actions?|steps?|then|do|what to do)\s*:\s*"), _labelled),
    (re.compile(r"(?i)^[^.:\n]*?\b(?:needs?|wants?|asks\s+for)\s+(?:this"
                r"|the\s+following)\s*:\s+"), ""),
    (re.compile(r"(?i)^[^.\n⟦]*?\b(?:keeps?\s+sending|sends?)\s+(?:me|us)\s+(?P<noun>mail"
                r"|e-?mail|message)s?\s+\(?(?P<who>⟦\d+⟧)\)?[.\n]\s*"
                r"(?:each\s+time|every\s+time|when(?:ever)?)\s+(?:one|that)\s+(?:comes\s+in"
                r"|arrives),?\s+"),
     r"When a \g<noun> from \g<who> arrives, "),
    (re.compile(r"(?i)^(?:we|i)\s+(?:get|receive)\s+(?P<noun>calls|requests|mails|e-?mails|files)"
                r"\s+(?P<where>(?:on|at|in|to|from)\s+[^.\n]+)[.\n]\s*(?:for|with|on)\s+(?:each"
                r"|every)"
                r"\s*(?:one|of them|single one|\w+)?,\s*"),
     lambda m: f"When a {m.group('noun')[:-1]} arrives {m.group('where')}, "),
    (re.compile(r"(?i)^(?P<when>when(?:ever)?|as soon as|each time|every time"
                r"|if)\s+(?P<feed>⟦\d+⟧)\s+"
                r"(?:publishes|has|posts|brings|gets|puts out)\s+(?:something|anything|an?)\s+new"
                r"(?:\s+(?:item|entry|post|article))?"),
     r"\g<when> a new entry appears in the feed \g<feed>"),
    (re.compile(r"(?i)\bnew\s+(?P<kind>pdf|csv|json|xml|yaml|jpe?g|png|zip|txt)s?\s+(?=(?:in|at"
                r"|inside|under)\b)"), r"new \g<kind> file "),
    (re.compile(r"(?i)\ban?\s+(?:new\s+)?(?P<kind>pdf|csv|json|xml|yaml|jpe?g|png|zip|txt)\s+"
                r"(?P<verb>lands|arrives|appears|shows up|turns up|comes in|is added"
                r"|is dropped)\b"),
     r"a new \g<kind> file \g<verb>"),
    # Conditions under another name.
    (re.compile(_START + r"(?:provided(?:\s+that)?|assuming(?:\s+that)?|on\s+condition\s+that"
                r"|supposing"
                r"|in\s+the\s+(?:event|case)\s+(?:that|of)|given\s+that)\s+", re.I), _conditional),
    (re.compile(_START + r"(?:in\s+(?:any|every|all)\s+other\s+cases?|failing\s+that"
                r"|if\s+that(?:\s+is|['’]s)"
                r"\s+not\s+(?:so|the\s+case)|in\s+the\s+(?:other|opposite)\s+case),?\s+", re.I),
     lambda m: _started(m, "Otherwise, ")),
    (re.compile(_START + r"(?:anything|everything)\s+(?:but|except|other\s+than)\s+(?:an?\s+)?"
                r"(?P<number>[1-5]\d\d)\s*(?:->|→|:|,|=>)\s*", re.I),
     lambda m: f"{m.group('start')}if the status is not {m.group('number')}, "),
    (re.compile(_SENTENCE + r"(?P<verb>is|are|does|do|has|have)\s+(?P<subject>it|there|they|this"
                r"|that|(?:its|the|their|his)\s+(?:(?:field|column"
                r"|value)\s+)?\w+)\s+(?P<rest>[^.?!\n]{2,60})\?\s+(?:(?:if\s+(?:so|yes)|then"
                r"|in\s+that\s+case),?\s+)?(?=[A-Za-z])", re.I), _question),
    (re.compile(_SENTENCE + r"(?P<verb>[a-z]+)\s+(?P<a>⟦\d+⟧)(?P<mid>[^.\n⟦]*?)\s+(?:for|on|if"
                r"|in\s+case\s+of)\s+(?:an?\s+|the\s+)?(?P<field>\w+)\s+(?:of|is)\s+"
                r"(?P<value>\d+|⟦\d+⟧)\s*,?\s+(?:and|but)\s+(?P<b>⟦\d+⟧)\s+(?:for|on"
                r"|if)\s+(?:every|any)thing\s+else", re.I),
     r"\g<start>If the \g<field> is \g<value>, \g<verb> \g<a>\g<mid>. Otherwise, \g<verb> \g<b>"
                r"\g<mid>"),
    (re.compile(_START + r"(?:as\s+long\s+as|if|when)\s+(?:that|it|this|the\s+\w+)\s+(?:gives"
                r"|returns|yields|finds|brings)\s+(?:us\s+|me\s+|back\s+)?"
                r"(?=(?:more|less|fewer|at\s+least|at\s+most|over|under|exactly)\b)", re.I),
                 lambda m: _started(m, "if there are ")),
    (re.compile(r"(?i)\bcheck\s+(?:if|whether)\s+(?:there\s+is\s+(?:a\s+file\s+)?(?P<a>⟦\d+⟧)"
                r"|(?P<b>⟦\d+⟧)\s+is\s+there)"),
     lambda m: f"check whether {m.group('a') or m.group('b')} exists"),
    (re.compile(r"(?i)(?P<lead>\bcheck\s+whether\s+⟦\d+⟧\s+exists)[.,;]\s+if\s+it\s+(?:is\s+ther"
                r"e|exists|does),\s+"),
     r"\g<lead>. If so, "),
    (re.compile(r"(?P<start>^|[.;:]\s+|,\s+(?:and\s+|but\s+)?)if\s+yes,?\s+", re.I),
     lambda m: _started(m, "If so, ")),
    (re.compile(r"(?P<start>[.;]\s+|,\s+(?:and\s+|but\s+)?)if\s+no(?=,|\s+(?!\w+s\b"
                r"|one\b))(?:t\b)?,?\s+", re.I), lambda _: ". Otherwise, "),
    (re.compile(r"(?i)[.;]\s*(?:do\s+nothing\s+(?:otherwise|else)|(?:otherwise"
                r"|else),?\s+(?:just\s+)?do\s+nothing)(?=[.;\n]|$)"), ""),
    (re.compile(_SENTENCE + r"(?P<what>(?:no|some|any|more than|less than|fewer than|bigger"
                r"|larger|smaller"
                r"|older|newer|longer|shorter|higher|lower|above|below|empty|missing"
                r"|not\s+(?:yet\s+)?\w+|closed|merged|archived|finished"
                r"|overdue)\b[^.?!,\n]{0,60})\?\s+"
                r"(?:then,?\s+)?(?=\w)", re.I), _asked),
    (re.compile(r"(?<=[.\n] )(?P<start>)(?P<what>(?:more|less"
                r"|fewer)\s+than\s+\S+(?:\s+(?:of\s+(?:them|those|these)|\w+)"
                r"){0,2})\s*:\s*(?P<rest>\w)", re.I), _counted),
    (re.compile(_SENTENCE + r"(?:(?:i|we)(?:['’]d|\s+would)?\s+(?:like|want|need"
                r"|wish)\s+to\s+)?(?:know|see|check"
                r"|find\s+out|look|verify|test)\s+(?:whether|if)\s+(?P<condition>[^.?!\n]+?)[.?!"
                r"]\s+(?:when|if)\s+"
                r"(?:it|that|this|they|there|so|yes)(?:\s+" + _AUX + r")?(?:\s+so)?,\s*", re.I),
                 _whether),
    (re.compile(r"(?P<start>[,.;]\s+(?:and\s+|but\s+)?|\s(?:and|but)\s+)(?:if|when"
                r"|in\s+case)\s+(?:it|that|this|they|there)"
                r"(?:\s+" + _NEGATED + r"),\s*(?:then\s+)?", re.I), _opposite),
    (re.compile(r"(?P<none>\b(?:if|when|in\s+case)\s+(?:there|it|they)\s+(?:" + _NEGATED +
         r"|(?:is|are)\s+(?:none|no|nothing))"
                r"\b[^.?!\n]*?)(?:[,.;]\s+(?:and\s+|but\s+)?|\s(?:and|but)\s+)(?:if|when"
                r"|in\s+case)\s+(?:it|they|there)\s+"
                + _AUX + r",\s*", re.I), r"\g<none>. Otherwise, "),
    (re.compile(_SENTENCE + r"depending\s+on\s+(?P<subject>[^:.\n]+?):\s*(?P<rest>[^.\n]+)",
     re.I), _cases),
    (re.compile(r"(?i)\bthe\s+number\s+of\s+(?P<what>(?:open\s+)?\w+)\s+(?:is|exceeds|lies)\s+"
                r"(?P<how>(?:at\s+least|at\s+most|more\s+than|less\s+than|greater\s+than|above"
                r"|below|over|under)\s+\S+?)(?=[,.]|\s)"),
     r"it has \g<how> \g<what>"),
    (re.compile(r"(?i)\b(?:the\s+|its\s+)?(?:value\s+(?:in|of)\s+)?(?:the\s+)?(?:column"
                r"|field)\s+(?P<name>[\w⟦⟧]+)\s+(?P<verb>equals|is|says|has|contains|starts"
                r"|reads)\b"), r"its \g<name> \g<verb>"),
    (re.compile(r"(?i)\b(?:comes?|came)\s+back\s+(?:as|with)\s+(?:an?\s+)?(?=[1-5]\d\d\b)"), "is "),
    (re.compile(r"(?i)\b(?:the|that|this)\s+(?:request|call|fetch|download|response"
                r"|page)\s+(?P<verb>(?:did|does|has|was|is)"
                r"(?:n['’]t|\s+not))\s+(?:succeed(?:ed)?|successful|ok|okay)\b"), "it is not ok"),
    (re.compile(r"(?i)\b(?:the|my|our|that)\s+(?P<what>\w+)\s+(?:actually\s+|really\s+)?"
                + _GAVE + r"\s+no(?:thing|ne)?"
                r"(?:\s+" + _THINGS + r")?\b"), r"the \g<what> is empty"),
    (re.compile(r"(?i)\b(?:the|my|our|that)\s+(?P<what>\w+)\s+(?:actually\s+|really\s+)?"
                + _GAVE + r"\s+(?:(?:some|any|at\s+least"
                r"\s+one)\s+)?(?:" + _THINGS + r"|something|anything)\b"), r"the \g<what> is not"
                r" empty"),
    (re.compile(_SENTENCE + r"(?P<first>(?:get|fetch|read|query|list|search|find|look\s+up|call"
                r"|check|retrieve)\s[^.;\n]*?)\s+and\s+"
                r"(?:then\s+)?(?P<second>[a-z]+\s[^.;\n]*?),?\s+(?:but\s+)?only\s+if\s+(?P<condi"
                r"tion>[^.;\n]+)", re.I),
     r"\g<start>\g<first>. If \g<condition>, \g<second>"),
    # Loops under another name.
    (re.compile(_START + r"(?:(?:then,?\s+)?one\s+at\s+a\s+time|one\s+by\s+one"
                r"|one\s+after\s+(?:the\s+other|another)),?\s+(?P<verb>[a-z]+)\s+(?P<what>[^.;\n"
                r"]*?)"
                r"\s+(?:on|to)\s+them\b", re.I), lambda m: _started(m, f"For each of them, "
                f"{m.group('verb')} {m.group('what')} to it")),
    (re.compile(_SENTENCE + r"from\s+(?P<what>(?:the\s+)?(?:feed|file|table"
                r"|page)?\s*⟦\d+⟧),?\s+(?:take|get|read|fetch)\s+(?:all\s+)?the\s+"
                r"(?:entries|rows|items|lines|articles|posts|records|contents?)(?=[.;,\n])",
                 re.I), r"\g<start>Read \g<what>"),
    (re.compile(r"(?P<start>^|[.!\n]\s*)(?:i|we)(?:['’]d|\s+would)?\s+(?:need|want"
                r"|like)\s+(?P<what>(?:the|all|my|our)\s+[^.\n]*⟦\d+⟧[^.\n]*)(?=\.\s)", re.I),
     r"\g<start>Get \g<what>"),
    (re.compile(_START + r"(?P<noun>row|line|entry|item|file|issue|mail|message|record|name"
                r"|one)\s+by\s+(?P=noun),?\s+",
                re.I), _by_turns),
    (re.compile(_SENTENCE + r"per\s+(?P<noun>[a-z]+)\s*[:,]\s+", re.I), _by_turns),
    (re.compile(_START + r"(?P<verb>[a-z]+)\s+(?:each|every)\s+(?P<noun>one|of\s+them"
                r"|[a-z]+)\s+(?:that|which)\s+"
                r"(?P<condition>(?:is|isn['’]t|has|hasn['’]t|does|doesn['’]t|contains|starts"
                r"|ends)\b[^,.;\n]*?)"
                r"(?P<rest>\s+(?:to|into|with|as|in)\s+⟦\d+⟧[^,.;\n]*)?(?=[,.;\n]|$)", re.I),
                 _each_that),
    (re.compile(_SENTENCE + r"in\s+(?P<where>(?:the\s+)?(?:folder"
                r"|directory)\s+⟦\d+⟧)\s+there\s+are\s+(?:some\s+|many\s+|lots\s+of\s+)?"
                r"[^.(\n]*\((?P<what>⟦\d+⟧)\)(?=[.\n])", re.I),
     r"\g<start>List the \g<what> files in \g<where>"),
    (re.compile(_SENTENCE + r"(?P<lead>[^.\n]*?\b(?:to|on|from|for|of|close|merge|get|reopen"
                r"|label|delete))\s+"
                r"(?P<noun>issue|pull\s+request|order|ticket|task|message)s\s+(?:number\s+"
                r"|no\.?\s+)?"
                r"(?P<numbers>\d+(?:\s*,\s*\d+)*,?\s+and\s+\d+)(?P<rest>[^.\n]*)", re.I), _several),
    (re.compile(_SENTENCE + r"(?:take|consider|look\s+at|have\s+a\s+look\s+at)\s+(?P<what>(?:the"
                r"\s+)?[a-z][^:.\n]*⟦\d+⟧[^:.\n]*):\s+"
                r"(?=[a-z])", re.I), r"\g<start>Get \g<what>. "),
    (re.compile(_SENTENCE + r"(?:take|look\s+at|have\s+a\s+look\s+at|check"
                r"|inspect)\s+(?:the\s+file\s+)?(?P<what>⟦\d+⟧)[.,;]\s+"
                r"(?=if\s+it\s+is\s+(?:bigger|larger|smaller|older|newer|younger)\b)", re.I),
     r"\g<start>Get the file info of \g<what>. "),
    (re.compile(r"(?i)\bping\s+(?=⟦)"), "fetch "),
    (re.compile(r"(?i)\bfetch\s+(?:the\s+)?(?:address|link|url|page)\s+(?:in|from"
                r"|of)\s+(?:the\s+|its\s+)?column\s+(?P<name>\w+)"),
     r"fetch the page at the address in the column \g<name>"),
    (re.compile(r"(?i)(?P<lead>\b(?:check\s+whether|if)\s+(?P<file>⟦\d+⟧)\s+exists[.,;]\s+(?:if"
                r"\s+so,\s+)?[a-z]+)\s+it\b"), r"\g<lead> \g<file>"),
    # Logs, mails and posts under another name.
    (re.compile(r"(?i)\b(?:write|put|add|note|record|enter)\s+(?P<what>⟦\d+⟧)\s+(?:to|into"
                r"|in)\s+the\s+logs?\b"), r"log \g<what>"),
    (re.compile(r"(?i)\b(?:write|add|make|put|insert|create)\s+(?:in\s+)?a\s+log\s+(?:entry|line"
                r"|message|note|record)\s*"
                r"(?:saying|that\s+says|reading|with\s+the\s+(?:text|message)|with"
                r"|:)?\s*(?P<what>⟦\d+⟧)"), r"log \g<what>"),
    (re.compile(_START + r"log\s+(?P<what>(?:the|its|their|his|her)\s+\w+(?=\s+of\s+(?:each"
                r"|every|all)\b))", re.I),
     lambda m: f"{m.group('start')}write a log line with {m.group('what')}"),
    (re.compile(r"(?i)\b(?:put|make|save|place|store)\s+a\s+copy\s+of\s+(?P<a>⟦\d+⟧)\s+(?:in|to"
                r"|into|at|as|under)\s+(?P<b>⟦\d+⟧)"),
     r"copy \g<a> to \g<b>"),
    (re.compile(r"(?i)\bwhose\s+(?P<name>title|name|text|body|subject|message"
                r"|label)\s+is\s+(?:the|its)\s+(?P<field>\w+)\s+of\s+(?:the|that|each)\s+\w+"),
     r"with its \g<field> as the \g<name>"),
    # Times.
    (re.compile(r"(?i)\b(?:once\s+a\s+(?:week|day),?\s+)?(?:on\s+|every\s+"
                r"|each\s+)?(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day|every)s?\s+"
                r"(?P<part>morning|afternoon|evening)s?,?\s+at\s+(?P<hour>\d{1,2}|"
                + "|".join(NUMBERS) + r")\b(?![:.]\d)(?!\s*[ap]\.?m)"),
     _in_the_evening),
    (re.compile(r"(?i)\b(?P<hour>\d{1,2}|" + "|".join(NUMBERS) + r")(?:\s+o['’]?clock)?\s+in\s+t"
                r"he\s+(?P<part>morning|afternoon|evening)\b"),
     _in_the_day),
    (re.compile(r"(?i)\b(?:twice|\w+\s+times)\s+(?:a|per|every)\s+day,?\s*:?\s+(?:namely\s+)?at"
                r"\b"), "every day at"),
    # What asks for nothing.
    (re.compile(r"(?i)(?:;|[.!])\s*(?:between us,?\s+|honestly,?\s+|really,?\s+)?(?:that|it"
                r"|this)\s+would\s+be\s+"
                r"(?:lovely|great|nice|good|perfect|brilliant|wonderful|ace|appreciated"
                r"|much appreciated)\b[^.\n]*"), ""),
    (re.compile(r"(?i)^(?:a\s+)?(?:short\s+|brief\s+)?(?:summary|description|overview"
                r"|outline)\s+of\s+what\s+[^.\n]*[.\n]\s*"), ""),
)  # fmt: skip

_CHANGES: tuple[_Rule, ...] = (
    (re.compile(r"(?i)\b(?:do|run|use)\s+(?:it|this|that|the\s+same)\s+(?:for|with"
                r"|on)\s+(?:the\s+)?(?:\w+\s+)?(?P<what>⟦\d+⟧)\s+instead"),
     r"use \g<what> instead"),
    (re.compile(r"(?i)^(?:(?:i|we)(?:['’]d|\s+would)\s+(?:rather|prefer\s+to)\s+have\s+(?:it"
                r"|this|that)\s+(?:run|start)(?:ed)?"
                r"|(?:it|this|the\s+workflow)\s+should\s+(?:now\s+|rather\s+)?(?:run|start"
                r"|be\s+started|be\s+run))\s+"
                r"(?P<when>when(?:ever)?|as\s+soon\s+as|each\s+time|every\s+time)\s+(?P<event>.+?)"
                r"(?:,?\s+(?:than|rather\s+than|instead\s+of|and\s+not|not)\s+[^.⟦]*)?(?=[.\n]|$)"),
     r"start it \g<when> \g<event>"),
    (re.compile(r"(?i)(?P<goes>\b(?:should|must|has\s+to|needs\s+to|ought\s+to)\s+(?:go"
                r"|be\s+sent|be\s+posted|be\s+written)\s+(?:in)?to\s+"
                r"⟦\d+⟧),?\s+(?:rather\s+than|instead\s+of|and\s+not|not)\s+[^.⟦]*"), r"\g<goes>"),
    (re.compile(r"(?i)^turn\s+(?:the\s+)?(?P<what>two|both)(?P<steps>\s+steps)?\s+(?:a)?round"
                r""), r"swap the \g<what> steps"),
    (re.compile(r"(?i)\b(?:the|its)\s+(?P<what>\w+)\s+(?:is|are)\s+(?:wrong|not\s+right"
                r"|incorrect|not\s+correct)\s*[,;:.-]+\s*(?:it|that|this)\s+"
                r"(?:is|should\s+be|must\s+be|ought\s+to\s+be|has\s+to\s+be)\s+(?:really\s+"
                r"|actually\s+)?(?P<value>⟦\d+⟧|\d+)"),
     r"the \g<what> should be \g<value>"),
    (re.compile(r"(?i)\bbetween\s+the\s+two(?:\s+steps)?\b"), "after the first step"),
    (re.compile(r"(?i)\b(?:i|we)\s+(?:want|need|would\s+like)\s+(?:this|it|that"
                r"|everything)\s+to\s+(?:happen|run|be\s+(?:done|run)|take\s+place|start)\s+"
                r"(?=(?:every|each|at|on|daily|hourly|weekly)\b)"), "run it "),
    (re.compile(r"(?i)\s+from\s+now\s+on(?=[.,;]|$)"), ""),
    (re.compile(r"(?i)\b(?:ought\s+to|has\s+got\s+to)\s+be\b"), "should be"),
)  # fmt: skip


def rephrased(text: str) -> str:
    """Return a masked request with its turns of phrase in plain forms."""
    return _applied(text, _RULES)


def rephrased_change(text: str) -> str:
    """Return a masked request for a change with its turns of phrase in plain forms."""
    return _applied(_applied(text, _RULES), _CHANGES)


def _applied(text: str, rules: tuple[_Rule, ...]) -> str:
    for pattern, to in rules:
        text = pattern.sub(to, text)
    return text
