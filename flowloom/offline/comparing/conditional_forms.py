"""Sentences that hide a condition, said with "if" and "for each".

"Those that are late get a label", "escalate every ticket whose state is red", "over 5 means …",
"depending on x: a: …, b: …", "only with her ok …", "otherwise nothing": each reader below takes one
of these shapes; what it does not know it leaves alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from flowloom.offline.comparing.conditions import parse_condition
from flowloom.offline.comparing.exceptions import without_excepted
from flowloom.offline.comparing.idle import does_nothing, without_idle
from flowloom.offline.comparing.picking import Pick, is_condition, picks_in
from flowloom.offline.comparing.questions import field_words
from flowloom.offline.reading.grammar.clauses import plain_clause
from flowloom.offline.reading.grammar.forms import MESSAGES, MODAL, begins_with_verb
from flowloom.offline.reading.lexicon import base_verb, verb_class
from flowloom.offline.reading.morphology import is_base_form, third_person

__all__ = ["conditional_sentences"]

_LEAD = re.compile(
    r"(?i)^(?P<word>if|unless|in\s+case|when(?:ever)?|otherwise|else|for\s+(?:each|every|all"
    r"|any)|once|as\s+soon"
    r"\s+as|while|until|after|before|should)\b"
)
_OTHERS = re.compile(
    r"(?i)\b(?:(?:all\s+)?(?:the\s+)?(?:others?|rest|remaining\s+ones?)|all\s+other\s+\w+"
    r"|any\s+others?"
    r"|everything\s+else|the\s+other\s+ones?|anything\s+else|everyone\s+else|everybody\s+else)\b"
)
_VERB_PHRASE = re.compile(
    rf"(?i)(?:,\s*|\s+)(?=(?:{MODAL}|is|are|gets?|receives?|becomes?|go(?:es)?|turns?\s+into)\s)"
    r"|\s*[:,]\s+(?:then\s+|please\s+)?(?=[a-z])"
)
_GIVEN = re.compile(
    rf"(?i)^(?:{MODAL}\s+)?(?:gets?|receives?|be\s+(?:given|sent)|(?:is|are)\s+(?:given|sent))\s+"
    r"(?P<what>(?:an?|the|some|one|our|my)\s+(?P<noun>.+?))(?P<rest>\s+(?:in|on|with|from|via"
    r"|saying|by|to|that|through|"
    r"titled|called)\b.*)?$"
)
_LEFT_ALONE = re.compile(
    r"(?i)^(?:(?:is|are|be|should\s+be|must\s+be|can\s+be)\s+(?:left|kept|ignored"
    r"|skipped)(?:\s+(?:alone|be|untouched|unchanged"
    r"|as\b.*))?|(?:can\s+|should\s+|must\s+)?stays?(?:\s+(?:as\b.*|untouched|unchanged))?)$"
)
_MUST_NOT = re.compile(
    r"(?i)^(?:is\s+)?(?:(?:should|must|do|does|need|may|can|will|shall)(?:n['’]t|\s+not)\b|(?:should|must)\s+(?:get"
    r"|receive|hear)\s+nothing|gets?\s+nothing)"
)
_TURNS = re.compile(rf"(?i)^(?:{MODAL}\s+)?(?:becomes?|turns?\s+into)\s+(?P<what>.+)$")
_GOES = re.compile(rf"(?i)^(?:{MODAL}\s+)?go(?:es)?\s+(?:in)?to\s+(?P<where>.+)$")
_MEANS = re.compile(
    r"(?i)^(?P<what>.+?)\s+(?:means?(?:\s+that)?|implies|imply|calls?\s+for|leads?\s+to"
    r"|requires?|triggers?|asks\s+for)\s+"
    r"(?P<do>\S.*)$"
)
_REST = re.compile(
    r"(?i)^(?:anything|everything|any\s+other\s+\w+|all|the\s+rest|whatever|everyone"
    r"|anyone)(?:\s+(?:else|other|less|more|lower"
    r"|higher|below|above|under|over|smaller|larger|bigger|besides))?$|^(?:else|otherwise|others?)$"
)
_BARE_RELATION = re.compile(
    r"(?i)^(?P<what>(?:its|their|the|an?|any|every|each)\s+.+?|[a-z_]+)\s+(?P<how>(?:over|under"
    r"|above|below|beyond|at\s+least"
    r"|at\s+most|more\s+than|less\s+than|fewer\s+than|between|exactly|equal\s+to|of)\s+.+)$"
)
_CONSENT = re.compile(
    r"(?i)^(?:but\s+)?(?P<only>only\s+)?(?P<how>with(?:out)?|given|upon|on|after"
    r"|lacking)\s+(?:(?:her|his|their|its|the|an?"
    r"|any|that|this|[\w⟦⟧-]+['’]s)\s+)*(?:[\w-]+['’]s?\s+)?(?:ok|okay|approval|permission"
    r"|consent|go-?ahead|agreement"
    r"|blessing|confirmation|sign-?off|green\s+light|yes|nod|authori[sz]ation"
    r"|acceptance)\b,?\s+(?:then\s+)?(?P<do>.+)$"
)
_WITH_IT = re.compile(r"(?i)^with(?P<out>out)?\s+(?:it|that|this)\s*,\s+(?P<do>.+)$")
_WITH_ONE = re.compile(
    r"(?i)^(?:those|the\s+ones|everyone|all)\s+(?:with|having|(?:that|who|which)\s+(?:do|are|have))"
    r"(?:\s+(?:one|some|any|it))?\s+(?P<do>(?:should|must|gets?|are|is|receive)\s.+)$"
)
_CLAUSES = re.compile(
    r"(?i)(?:,\s*|\s+)(?:and|but),?\s+(?=(?:should\s+(?:an?|the|it|any|one|this|that|its|there)\s"
    r"|(?:for|with|in|on)\s+(?:any|each|every|all|those|anybody|anyone|everybody|everyone)\b))"
    r"|(?:,\s*(?:and\s+)?|\s+and\s+)(?:then\s+)?(?=(?:loop|iterate|cycle|go|walk|step"
    r"|run)\s+(?:through|over)\s+(?:them"
    r"|these|those|it|the|all|each|every)\b)"
)
_NEXT_IF = re.compile(r"(?i),\s+(?:and\s+)?(?=if\s+(?:it|they|there|its)\b[^,]+,\s+[a-z])")
_SHOULD = re.compile(r"(?i)^should\s+(?P<if>[^,]+?),\s+(?:then\s+)?(?P<do>\S.*)$")
_FOR = re.compile(r"(?i)^(?:for|with|on|in\s+case\s+of)\s+(?P<what>\S.*)$")
_FILE_ENDING = re.compile(r"(?i)\bends?\s+(?:in|with|on)\s+(?:\.\w|⟦\d+⟧$)")
_TAKES = re.compile(
    r"(?i)^(?:take|pick\s+up|consider|handle|treat)\s+(?:each|every)\s+(?:single\s+"
    r"|one\s+of\s+(?:the|my|our)\s+)?"
    r"(?P<what>[^,]+?)(?:,\s+(?:and\s+)?|\s+and\s+)(?P<do>\S.*)$"
)
_TAKE_ALL = re.compile(
    r"(?i)^take\s+(?=(?:all\s+|the\s+|my\s+"
    r"|our\s+)+(?:[\w-]+\s+){0,3}?(?P<noun>[\w-]+s)\b)(?!.*⟦\d+⟧\s*$)"
)
_GUARD = re.compile(
    r"(?i)^(?P<lead>(?:but\s+)?only\s+(?:if|when|in\s+case)|if|in\s+case"
    r"|provided(?:\s+that)?)\s+(?P<if>.+?),?\s+(?:then\s+)?"
    r"(?:go\s+on|continue|proceed|move\s+on|carry\s+on"
    r"|keep\s+going)(?:\s+with\s+(?:the\s+)?(?:rest|following|next\s+steps?"
    r"|this|that|it))?\s*(?P<sep>$|[:,]\s*|\s+and\s+(?:then\s+)?)(?P<do>.*)$"
)
_DEPENDING = re.compile(
    r"(?i)^(?:depending\s+on|based\s+on|according\s+to|going\s+by|by|look(?:ing)?\s+at"
    r"|check(?:ing)?|switch(?:ing)?\s+on"
    r"|distinguish(?:ing)?(?:\s+by)?|consider(?:ing)?|compare|comparing)\s+(?P<what>(?:its|their"
    r"|the|whether|what|which)?\s*.+)$"
)
_CASE = re.compile(
    r"(?i)^(?:(?:if|when|for|on|in\s+case\s+of|in\s+case|with)\s+)?(?:(?:it|that|this)(?:['’]s"
    r"|\s+is)\s+)?"
    r"(?P<value>⟦\d+⟧|[\w$€£%.-]+(?:\s+[\w-]+){0,3}?)(?:\s*:\s+|,\s+(?:then\s+)?)(?P<do>\S.*)$"
)
_PER = re.compile(
    r"(?i)^(?:per|by|with|in)\s+(?!each\b|every\b|it\b"
    r"|them\b)(?:single\s+)?(?P<what>[^,:]+?):\s+(?P<do>\S.*)$"
)
_IF_TAIL = re.compile(r"(?i)^(?P<do>.+?),?\s+(?P<word>if|unless|when|only\s+if)\s+(?P<if>[^,]+)$")
_AND = re.compile(r"(?i),?\s+and\s+(?:then\s+|also\s+)?|,\s+(?:then\s+)?|\s+then\s+")


def conditional_sentences(texts: Sequence[str], values: tuple[str, ...]) -> list[str]:
    """Return sentences with what is conditional in them said with "if" and "for each"."""
    found: list[str] = []
    for text in _cases(list(texts), values):
        found += _formed(text, found, values)
    return without_idle(found)


def _formed(text: str, before: list[str], values: tuple[str, ...]) -> list[str]:
    consent = _consented(text, before)
    if consent:
        return [consent]
    cut = _NEXT_IF if re.match(r"(?i)if\b", text) else _CLAUSES
    parts = [part for part in cut.split(text) if part.strip()]
    if len(parts) > 1:
        return [made for part in parts for made in _formed(part, [*before, parts[0]], values)]
    others = _others_apart(text, before, values)
    if others:
        return others
    for read in (
        _inverted,
        without_excepted,
        _taken,
        _guard,
        _means,
        _per,
        _for_picks,
        _subject_picks,
        _object_picks,
    ):
        made = read(text, values)
        if made:
            return made
    return [text]


def _cases(texts: list[str], values: tuple[str, ...]) -> list[str]:
    """ "Depending on its x: a: …, b: …" is a chain of conditions on x."""
    found: list[str] = []
    subject, count = "", 0
    for text in texts:
        what = _DEPENDING.match(text)
        if (
            what is not None
            and ": " in text
            and not _is_acting(what.group("what").partition(": ")[0])
        ):
            text = what.group("what").partition(": ")[2]
            subject, count = field_words(what.group("what").partition(": ")[0]), 0
        elif what is not None and not _is_acting(what.group("what")):
            subject, count = field_words(what.group("what")), 0
            continue
        case = _CASE.match(text) if subject else None
        if case is None or not _acts(case.group("do")):
            rest = subject and re.match(r"(?i)^(?:otherwise|else)\b", text)
            subject = subject if rest else ""
            found.append(text)
            continue
        value = case.group("value")
        if _REST.match(value):
            found.append(f"otherwise, {case.group('do')}")
        else:
            found.append(f"{'else if' if count else 'if'} {subject} is {value}, {case.group('do')}")
            count += 1
    return found


def _is_acting(words: str) -> bool:
    return bool(re.search(r"[,:;]|\b(?:and|then)\b", words))


def _acts(words: str) -> bool:
    return begins_with_verb(words) or does_nothing(words) or base_verb(words.split()[0]) != ""


def _consented(text: str, before: list[str]) -> str:
    match = _CONSENT.match(text)
    if match is not None and _acts(match.group("do")):
        refused = match.group("how").lower() in ("without", "lacking")
        return f"if {'rejected' if refused else 'approved'}, {match.group('do')}"
    match = _WITH_IT.match(text)
    last = before[-1] if before else ""
    if match is not None and re.match(r"(?i)if (?:rejected|approved)\b", last):
        return f"otherwise, {match.group('do')}"
    match = _WITH_ONE.match(text)
    if match is not None and re.search(r"(?i)\bif\b.*\b(?:no|not)\b", last):
        action = _of_it(match.group("do"))
        return f"otherwise, {action}" if action else ""
    return ""


def _others_apart(text: str, before: list[str], values: tuple[str, ...]) -> list[str]:
    """ "Those that are late get a label, the rest is left alone"."""
    match = _OTHERS.search(text)
    cuts = [found for found in _AND.finditer(text) if match and found.end() == match.start()]
    if match is None or not cuts:
        return []
    left = _formed(text[: cuts[0].start()], before, values)
    action = _of_it(_aux(f"it{text[match.end() :]}"))
    if not action or not any(re.search(r"\bif\b", part) for part in left):
        return []
    return [*left, f"otherwise, {action}"]


def _taken(text: str, _: tuple[str, ...]) -> list[str]:
    """ "Take each x, do a and b" is a loop; "take all x" gets them."""
    match = _TAKES.match(text)
    if match is not None and _acts(match.group("do")):
        return [f"for each {match.group('what')}, {match.group('do')}"]
    return [f"get {text[all_of.end() :]}"] if (all_of := _TAKE_ALL.match(text)) else []


def _inverted(text: str, values: tuple[str, ...]) -> list[str]:
    """ "Should a lead be from x, …": if a lead is from x, …"."""
    match = _SHOULD.match(text)
    if match is None:
        return []
    words = match.group("if").split()
    places = [
        at
        for at in range(1, len(words))
        if words[at].lower() in ("be", "have") or is_base_form(words[at].lower())
    ]
    for at in sorted(places, key=lambda at: words[at].lower() not in ("be", "have")):
        verb = words[at].lower()
        denied = words[at - 1].lower() == "not"
        subject = " ".join(words[: at - 1 if denied else at])
        said = {"be": "is", "have": "has"}.get(verb) or third_person(verb)
        if denied:
            said = "is not" if verb == "be" else f"does not {verb}"
        clause = " ".join((subject, said, *words[at + 1 :]))
        if parse_condition(clause, values) is not None:
            return [f"if {clause}, {match.group('do')}"]
    return []


def _for_picks(text: str, values: tuple[str, ...]) -> list[str]:
    """ "For anybody hired before 2020, …": for each of them, if …"."""
    match = _FOR.match(text)
    if match is None or re.match(r"(?i)(?:each|every)\b", match.group("what")):
        return []
    for pick in picks_in(text, values):
        rest = plain_clause(text[pick.end :].strip(" ,:"))
        if pick.start == match.start("what") and begins_with_verb(rest):
            return [_loop(pick, rest)]
    for found in re.finditer(r"\s*[,:]\s+(?:then\s+)?", text):
        pick = _picked_subject(text[match.start("what") : found.start()], values)
        if pick is not None and _acts(text[found.end() :]):
            return [_loop(pick, text[found.end() :])]
    return []


def _guard(text: str, _: tuple[str, ...]) -> list[str]:
    """ "Only if x go on: …": all that follows hangs on it."""
    match = _GUARD.match(text)
    if match is None:
        return []
    if match.group("do"):
        return [f"if {match.group('if')}, {match.group('do')}"]
    if (
        match.group("lead").lower().endswith(("if", "when", "case"))
        and "only" in match.group("lead").lower()
    ):
        return [f"unless {match.group('if')}, stop"]
    return []


def _means(text: str, values: tuple[str, ...]) -> list[str]:
    """ "Over 5 means do a, anything less means do b"."""
    if _LEAD.match(text):
        return []
    found: list[str] = []
    for part in re.split(
        r"(?i)(?:,|;)\s+(?:and\s+|but\s+|while\s+)?(?=[^,]*\b(?:means?|implies|calls?\s+for)\b)",
        text,
    ):
        match = _MEANS.match(part)
        if match is None or not begins_with_verb(match.group("do")):
            return []
        what = match.group("what")
        if _REST.match(what):
            found.append(f"otherwise, {match.group('do')}")
            continue
        clause = _with_verb(field_words(what))
        if not is_condition(clause, values):
            clause = re.sub(r"\s+(?=\S+$)", " is ", clause)
        if not is_condition(clause, values):
            return []
        found.append(f"if {clause}, {match.group('do')}")
    return found


def _with_verb(words: str) -> str:
    """ "Its value over 5" is "its value is over 5"."""
    match = _BARE_RELATION.match(words)
    if match is None:
        return words
    how = re.sub(r"(?i)^of\s+", "", match.group("how"))
    return f"{re.sub(r'(?i)^(?:an?|any|every|each) ', 'the ', match.group('what'))} is {how}"


def _per(text: str, _: tuple[str, ...]) -> list[str]:
    match = _PER.match(text)
    if match is None or not re.match(r"(?i)per\b", text) or not _acts(match.group("do")):
        return []
    tail = _IF_TAIL.match(match.group("do"))
    if tail is None:
        return [f"for each {match.group('what')}, {match.group('do')}"]
    word = "unless" if tail.group("word").lower() == "unless" else "if"
    return [f"for each {match.group('what')}, {word} {tail.group('if')}, {tail.group('do')}"]


def _loop(pick: Pick, action: str) -> str:
    noun = re.sub(r"(?i)^(?:the|my|our)\s+", "", pick.noun) or "of them"
    return f"for each {noun}, if {pick.clause}, {action}"


def _subject_picks(text: str, values: tuple[str, ...]) -> list[str]:
    """ "Those that are late get a label", "retired ones are deleted, the others updated"."""
    if _LEAD.match(text) or begins_with_verb(text):
        return []
    for match in _VERB_PHRASE.finditer(text):
        pick = _picked_subject(text[: match.start()], values)
        action = _of_it(text[match.end() :]) if pick is not None else ""
        if pick is not None and action:
            return _with_others(_loop(pick, action))
    return []


def _picked_subject(words: str, values: tuple[str, ...]) -> Pick | None:
    words = words.strip()
    for said in (words, f"the {words}"):
        for pick in picks_in(said, values):
            if pick.start == 0 and pick.end == len(said):
                return pick
    return None


def _of_it(words: str) -> str:
    """Return what is said of a subject as an action on "it"."""
    if (match := _GIVEN.match(words)) is not None:
        rest = re.sub(r"(?i)\b(?:their|his|her)\b", "its", match.group("rest") or "")
        whom = "" if re.match(r"(?i)\s+to\s", rest) else " to it"
        noun = match.group("noun").split()[-1].lower()
        verb = "send" if noun in MESSAGES else "add"
        return f"{verb} {match.group('what')}{whom}{rest}"
    if _LEFT_ALONE.match(words) or _MUST_NOT.match(words):
        return "do nothing"
    if (match := _TURNS.match(words)) is not None:
        return f"create {match.group('what')} from it"
    if (match := _GOES.match(words)) is not None:
        return f"send it to {match.group('where')}"
    if begins_with_verb(words) and not re.match(r"(?i)(?:is|are|get|go|become)\b", words):
        return re.sub(r"(?i)\bthem\b", "it", words)
    for verb, one in (("are", "is"), ("get", "gets"), ("have", "has"), ("need", "needs")):
        words = re.sub(rf"(?i)^{verb}\b", one, words)
    plain = plain_clause(f"it {words}")
    return plain if plain != f"it {words}" and begins_with_verb(plain) else ""


def _object_picks(text: str, values: tuple[str, ...]) -> list[str]:
    """ "Escalate every ticket whose state is red to ⟦0⟧": for each ticket, if …, escalate it."""
    if _LEAD.match(text):
        return []
    for pick in picks_in(text, values):
        if _FILE_ENDING.search(pick.clause):
            continue  # what lists files takes that itself
        start = _action_start(text, pick.start)
        lead, verb = text[: start[0]], text[start[1] : pick.start]
        if not begins_with_verb(f"{verb}it") or not _changes(verb):
            continue
        joined = f"{verb}it{text[pick.end :]}"
        lead = lead.strip(" ,")
        if lead and len(lead.split()) == 1:
            # "Retrieve and delete all x" has one object: the loop retrieves it.
            retrieves = "retrieve" in verb_class(lead.lower())
            lead, joined = "", joined if retrieves else f"{lead} it and {joined}"
        first = [lead] if lead else []
        return [*first, *_with_others(_loop(pick, joined))]
    return []


def _action_start(text: str, end: int) -> tuple[int, int]:
    """Return where the action before a place begins: end of what stands before, its own start."""
    start = (0, 0)
    for match in _AND.finditer(text, 0, end):
        if begins_with_verb(f"{text[match.end() : end]}it"):
            start = (match.start(), match.end())
    return start


def _changes(verb: str) -> bool:
    """Whether a verb does something to each thing; what is retrieved or filtered is a list."""
    word = verb.split()[0].lower() if verb.split() else ""
    classes = set(verb_class(word))
    listing = {"retrieve", "transform", "count", "download"}
    keeps = word in (
        "keep",
        "remove",
        "drop",
        "exclude",
        "ignore",
        "discard",
        "only",
        "ask",
        "check",
        "read",
        "go",
    )
    files = len(verb.split()) == 1 and word in ("save", "write", "put", "export", "store")
    return bool(word) and not keeps and not files and not (classes & listing)


def _with_others(text: str) -> list[str]:
    """ "…, update the others": otherwise, update it."""
    match = _OTHERS.search(text)
    if match is None:
        return [text]
    start = 0, 0
    for found in _AND.finditer(text, 0, match.start() + 1):
        start = found.start(), found.end()
    if not start[0]:
        return [text]
    clause = text[start[1] : match.start()] + "it" + text[match.end() :]
    action = clause if begins_with_verb(clause) else _of_it(_aux(clause))
    return [text[: start[0]], f"otherwise, {action}"] if action else [text]


def _aux(clause: str) -> str:
    rest = re.sub(r"(?i)^it\s+", "", clause)
    return (
        rest
        if re.match(rf"(?i)(?:{MODAL}|is|are|gets?|go(?:es)?|becomes?)\b", rest)
        else f"is {rest}"
    )
