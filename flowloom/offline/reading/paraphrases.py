"""Other ways to say something, put into the wording that the stages after this one read.

It works on the masked text of a whole request, before it is cut into sentences, so it can move what
belongs together over the end of a sentence. Each rewriting is about the language, not about a
component: flow ("side by side"), people ("X must sign this off"), tables ("drop rows with no …").
"""

from __future__ import annotations

import re
from collections.abc import Callable

from flowloom.offline.filling.files_meant import with_files_meant, with_files_read
from flowloom.offline.reading.grammar.connections import connected
from flowloom.offline.reading.lexicon import NUMBERS, base_verb, verb_class
from flowloom.offline.reading.masking import Masked

__all__ = ["plain_request"]

_START = r"(?:^|(?<=[.!?;:]\s)|(?<=\n)|(?<=,\s)|(?<=\band\s)|(?<=\bthen\s)|(?<=\bplease\s))"
_DURATION = (
    r"(?:\d+(?:\.\d+)?|an?|half an|a quarter of an|another|" + "|".join(NUMBERS) + r")\s*"
    r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|weeks?)\b"
)
_WHO = r"(?:(?!(?:if|when|whether|to|for|and|then|it|this|that|you|we|i)\b)[\w@.'’⟦⟧-]+\s+){1,5}?"
_CONSENTS = (
    r"(?:approves?|approved|agrees?|agreed|confirms?|confirmed|consents?|consented|accepts?"
    r"|accepted|okays?|okayed|signs?|signed|says? yes|said yes)"
)
_APPROVE = r"(?:approve|agree|confirm|consent|accept|okay|ok|sign(?:\s+(?:it|this|that))?\s+off)"
_FAILS = (
    r"(?:fails?|goes wrong|breaks?|errors?|(?:does|do)(?:n't|n’t| not) (?:work|succeed|go through)"
    r"|(?:is|are)(?:n't|n’t| not) (?:possible|successful|available|reachable))"
)
_LISTED = r"⟦\d+⟧(?:\s*,\s*⟦\d+⟧)*,?\s+and\s+⟦\d+⟧"
_AGGREGATE = (
    r"(?:averages?|sums?|totals?|means?|count|number|maximum|minimum|median|highest|lowest)"
)
_ROWS = r"(?:rows?|lines?|entries|entry|items?|records?|elements?)"


_DOWN = frozenset(
    {"biggest", "largest", "highest", "newest", "latest", "longest", "most expensive"}
)


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)


_Rewriting = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def _attempted(match: re.Match[str]) -> str:
    """ "try downloading it" is "download it"."""
    verb = base_verb(match.group("verb"))
    return f"{match.group('lead')}{verb}" if verb else match.group(0)


def _cases_of_choice(match: re.Match[str]) -> str:
    """ "for A do this, for B do that" is "on A, do this; on B, do that"."""
    parts = re.split(r"[,;]\s+(?:and\s+)?(?=(?:for|on|with|at)\s+[\w-]+,?\s+\w)", match.group(0))
    made: list[str] = []
    for part in parts:
        found = re.match(r"(?:for|on|with|at)\s+([\w-]+),?\s+(.+)$", part, re.I | re.S)
        if found is None or not base_verb(found.group(2).split()[0]):
            return match.group(0)
        made.append(f"on {found.group(1)}, {found.group(2)}")
    return "; ".join(made)


def _fronted(match: re.Match[str]) -> str:
    """ "in A write ⟦0⟧" is "A: write ⟦0⟧"."""
    if not base_verb(match.group("verb")) or base_verb(match.group("place").split()[0]):
        return match.group(0)
    return f"{match.group('place')}: {match.group('verb')} "


_FLOW: tuple[_Rewriting, ...] = (
    (_re(r"\b(?:side by side|alongside each other|next to each other)\b"), "in parallel"),
    (_re(r",?\s+(?:after|following|upon)\s+which\s+"), ". Then "),
    (_re(r"\b(?:hang on|hold on|hold off|hold everything|hold|stand by|sleep|rest|pause|idle)\s+"
         rf"(?=(?:for|until|till|another|{_DURATION})\b)"), "wait "),
    (_re(rf"\b(?:another|a further)\s+(?={_DURATION})"), ""),
    (_re(r"\bwait\s+till\b"), "wait until"),
    (_re(r"\b(?:let|allow)\s+(?P<time>" + _DURATION + r")\s+(?:to\s+)?(?:pass|go by|elapse)"),
     r"wait \g<time>"),
    (_re(rf"{_START}(?:give it|leave it(?:\s+for)?)\s+(?={_DURATION})"), "wait "),
    (_re(rf"(?P<lead>{_START})try\s+(?:out\s+)?(?P<verb>[a-z]+ing)\b"), _attempted),
    (_re(rf"\b(?P<if>if|when|should)\s+(?P<what>it|that|this)\s+(?:still|again|even then|also)\s+"
         rf"(?={_FAILS})"), r"\g<if> \g<what> "),
    (_re(r"\b(?:failing (?:that|this|which)|if not successful|if unsuccessful)\s*,\s*"),
     "if that fails, "),
    (_re(rf"[;,.]?\s+(?:and\s+)?(?:never mind|it (?:does not|doesn't|doesn’t) matter|no (?:problem"
         rf"|matter|worries)|(?:don't|don’t|do not) (?:worry|mind|care)|it(?:'s| is) (?:fine|ok"
         rf"|okay|no problem)),?\s+(?:if|when|should)\s+(?P<what>it|that|this)\s+{_FAILS}"),
     r". If \g<what> fails, carry on"),
    (_re(r"\bin the (?:event|case) of (?:an? |any )?(?:errors?|failures?)\b,?\s*"), "on error, "),
    (_re(rf"(?P<verb>\b[a-z]+)\s+⟦\d+⟧\s+(?P<to>to|as|into)\s+(?P<file>⟦\d+⟧)(?P<fails"
         rf">\s*[.;,]\s+(?:and"
         rf"\s+|but\s+)?if\s+(?:it|that|this)\s+{_FAILS},?\s+)(?:get|fetch|download|take|load|try"
         r"|use)\s+(?:it\s+)?(?:from\s+)?(?P<other>⟦\d+⟧)(?:\s+instead)?(?=\s*(?:[.;,]|$))"),
     lambda found: f"{found.group(0)[: found.end('fails') - found.start()]}{found.group('verb')} "
                   f"{found.group('other')} {found.group('to')} {found.group('file')}"),
    (_re(r"\b(?:if|when|should|in case)\s+(?:none of (?:them|these|this|it|the \w+)|no"
         r"thing)\s+(?:works?"
         r"|succeeds?|helps?)\b|\b(?:if|when)\s+(?:they all|all of them|all (?:the )?("
         r"?:attempts|tries)"
         r"|every (?:attempt|try))\s+(?:fails?|do not work|don't work)\b"), "if that fails"),
    (_re(r"\bshould\s+all\s+(?:the\s+|of the\s+)?(?:attempts|tries)\s+fail\b"), "if that fails"),
    (_re(r"\.\s+(?:you\s+(?:may|can|should)\s+)?try\s+(?:it\s+|this\s+|that\s+)?(?:up to\s+)?"
         r"(?P<n>\d+|" + "|".join(NUMBERS) + r")\s+times\s*(?=[.;])"), r", try up to \g<n> times"),
    (_re(r"\bwhether\s+(?:it|that|this)\s+(?:went|goes|turns out)\s+(?:well|wrong|fine|ok)\s+or\s+"
         r"not\b"), "whatever happens"),
    (_re(r"\b(?:whenever|in case|should)\s+(?P<what>this|that|it)\s+(?:ever\s+)?(?P<fa"
         r"ils>fails?|breaks?"
         r"|goes wrong|errors?)\b"), r"if \g<what> fails"),
    (_re(r"\bgive up\s+(?:quietly|silently|without (?:an? )?(?:fuss|error))"), "carry on"),
    (_re(rf",?\s+(?:and\s+)?(?:then\s+)?after\s+(?:another\s+|a further\s+)?(?P<time>"
         rf"{_DURATION})\s+"
         r"(?=(?P<verb>[a-z]+)\s)"), lambda found: _after_a_while(found)),
    (_re(r"\s+[-–—]+\s+(?=(?:afterwards|then|after that|next|finally)\b)"), ". "),
    (_re(r",?\s+and\s+(?=(?:once|when|after|as soon as)\s+(?:both|all|everything|they)\b)"), ". "),
    (_re(r"\b(?:fetch|get|request|hit|query|invoke|open)\s+(?P<url>⟦\d+⟧)\s+(?:by|via|using|with"
         r"|through|as)\s+(?:an?\s+)?(?:http\s+)?(?P<method>POST|PUT|PATCH|DELETE)\b"),
     r"call \g<url> with \g<method>"),
    (_re(r"\bif\s+(?:it|they)(?:'s|’s|\s+is|\s+are)\s+(?:there|present|found)\b"), "if it exists"),
    (_re(r"\bif\s+it(?:'s|’s|\s+is)\s+(?:not\s+there|missing|absent)\b"), "if it does not exist"),
)  # fmt: skip
_PEOPLE: tuple[_Rewriting, ...] = (
    (_re(r"(?:^|(?<=[.!?]\s))without\s+(?P<who>[\w ]{1,30}?)(?:'s|’s)\s+(?:permission|"
         r"approval|consent|ok"
         r"|okay|blessing|go-ahead)\b[^.⟦]*\.\s*(?:so\b,?\s+|therefore,?\s+)?(?:please\s+)?ask\s+"
         r"(?:him|her|them)\b"), r"Ask \g<who> for permission"),
    (_re(r"\b(?:if|when|once|as soon as|provided|after)\s+(?P<who>s?he|they|[\w ]{1,30"
         r"}?)(?:['’]s|['’]re"
         r"|\s+is|\s+are)\s+(?:happy|fine|ok|okay|content|satisfied|comfortable|alrigh"
         r"t|good|in favour"
         r"|in favor|on board)(?:\s+(?:with|of)\s+(?:it|that|this))?(?=\s*[,:;.]|\s+then\b)"),
     r"if \g<who> agrees"),
    (_re(r"\b(?:if|when|once)\s+(?P<who>s?he|they|[\w ]{1,30}?)\s+(?:has|have)\s+no\s+objections?\b"
         r"|\b(?:if|when|once)\s+(?P<who2>s?he|they|[\w ]{1,30}?)\s+(?:gives?|gave|has given)\s+"
         r"(?:the|a|her|his|their)\s+(?:green light|nod|blessing|thumbs[- ]up)"),
     lambda found: f"if {found.group('who') or found.group('who2')} agrees"),
    (_re(rf"(?:^|(?<=[.!?]\s))ask\s+(?:{_WHO})to\s+approve\s*[:,;–-]+\s*"
         r"(?=ask\b)"), ""),
    (_re(r"(?P<ask>\b(?:get|obtain|seek|request|ask(?: for)?|wait for)\s+[^.;,⟦]*?\b(?:ok|okay"
         r"|approval|permission|consent|confirmation|go-ahead|sign-?off|approve|agree|confirm)\b"
         r"[^.;,⟦]*?),?\s+(?:before|prior to)\s+(?:you\s+|we\s+|i\s+)?(?P<verb>[a-z]+)\s+"
         r"(?P<rest>[^.;\n]+)"), lambda found: _asked_before(found)),
    (_re(r"(?:^|(?<=[.!]\s))no\s+\w+,\s*no\s+\w+\s*[.!]?"), ""),
    (_re(r"\b(?:provided|providing|assuming|on condition|on the condition)(?:\s+that)?\s+"
         r"(?=(?:s?he|they|it|the|this|that|there|nobody|someone|everyone)\b)"), "if "),
    (_re(r"\bonly\s+(?:when|once|after)\s+"), "if "),
    (_re(r"(?P<ask>(?:^|(?<=[.!?]\s))ask\b[^.;,⟦]*?)\s+first(?=\s*[.;,])"), r"\g<ask>"),
    (_re(r"(?P<ask>\bask\b[^.;⟦]*?\b(?:if|whether)\s+(?P<what>[^.;,]*?⟦\d+⟧|[^.;,⟦]+?)\s+"
         r"(?:may|can|should|could|shall|might)\s+be\s+(?P<verb>[a-z]+)(?P<rest>\s[^.;"
         r",]*?)?)(?P<then>\s*"
         r"(?:[.;,]|\s(?=and\b))\s*(?:and\s*)?,?\s*(?:if|when)\s[^.;,]+,\s+)(?P<do>[a-"
         r"z]+)\s+(?:it|this|that)\b"),
     lambda found: _asked_about(found)),
    (_re(rf"\b(?P<if>if|when|once)\s+(?P<who>{_WHO}|s?he\s+|they\s+|it\s+)(?:(?:has|have|does|did)"
         rf"\s+)?(?P<yes>{_CONSENTS})\s+(?:to\s+)?(?:it|this|that|them)\b"),
     r"if \g<who>\g<yes>"),
    (_re(r"(?:^|(?<=[.!?;]\s))(?:for|on|with)\s+[\w-]+,?\s+[a-z]+\s[^.!?\n]*?[,;]\s+(?:and\s+)?"
         r"(?:for|on|with)\s+[\w-]+,?\s+[a-z]+\s[^.!?\n]*"), _cases_of_choice),
)  # fmt: skip
_TABLES: tuple[_Rewriting, ...] = (
    (_re(rf"\b(?P<verb>drop|remove|delete|discard|exclude|throw (?:out|away)|leave out|skip"
         rf"|filter out)\s+(?:every|each|all|any|those|the)?\s*(?:the\s+|those\s+)?"
         rf"(?P<what>{_ROWS})\s+(?:(?:with|having)\s+(?:an?\s+)?(?:empty|blank|missing|no)"
         rf"|without\s+(?:an?\s+|any\s+)?|(?:that|which)\s+(?:have|has)\s+(?:no|an empty)"
         rf"|lacking\s+(?:an?\s+)?|(?:that|which)\s+lacks?\s+(?:an?\s+)?)\s*"
         rf"(?P<field>(?!the\b|duplicates?\b)\w+)"),
     r"filter the rows where the \g<field> is not empty"),
    (_re(r"\b(?P<verb>write|save|store|put|keep|export)\s+(?:what(?:'s|’s| is| was)?\s+(?:left"
         r"|remains|kept)|the\s+(?:rest|remainder|remaining\s+\w+|outcome|outcomes))\b"),
     r"\g<verb> it"),
    (_re(r",\s*(?:the\s+)?(?P<best>biggest|largest|highest|newest|latest|longest|most "
         r"expensive|smallest"
         r"|lowest|oldest|earliest|cheapest|shortest)\s+(?P<field>[a-z_]+)\s+first\b"),
     lambda found: f", sort it by {found.group('field')} in "
                   f"{'de' if found.group('best').lower() in _DOWN else 'a'}scending order"),
    (_re(r"(?P<save>\b(?:save|write|store)\s+(?:it\s+|them\s+)?(?:as|to)\s+⟦\d+⟧)\s+again\b"),
     r"\g<save>"),
    (_re(r"\bkeep\s+(?:the\s+)?(?P<what>\w+(?:\s*,\s*\w+)*,?\s+and\s+\w+)\s+only\b"),
     r"keep only the fields \g<what>"),
    (_re(r"\b(?:put|write|save|store)\s+(?:the\s+(?:figure|number|total|sum|answer|average|count)"
         r"|everything|all of (?:it|that|this))\s+(?=(?:in|to|into|as|under)\s+(?:the"
         r"\s+file\s+)?⟦)"),
     "write it "),
    (_re(r"\b(?:convert|turn|change|transform)\s+(?P<from>⟦\d+⟧)\s+(?:in)?to\s+(?:CSV|"
         r"JSON|YAML|XML)"
         r"(?:\s+format)?,?\s+(?:and\s+)?(?:then\s+)?(?:save|write|store|put)\s+(?:it|"
         r"that|this)\s+(?:as|to"
         r"|in|into|under)\s+(?P<to>⟦\d+⟧)"), r"read \g<from>, write it to \g<to>"),
    (_re(r"\bmatch\s+(?P<a>⟦\d+⟧)\s+(?:against|with|to|and)\s+(?P<b>⟦\d+⟧)\s+(?:using|"
         r"by|on|via|over)\s+"
         r"(?:the\s+)?(?:column\s+|field\s+)?(?P<field>\w+)(?:\s+(?:column|field))?"),
     r"join \g<a> with \g<b> on \g<field>"),
    (_re(r"\bput\s+(?:it|them|these|those|that|this)\s+(?=(?:in|into|to|under)\s+(?:th"
         r"e\s+file\s+)?⟦)"),
     "write it "),
    (_re(rf"\b(?:take|keep|pick|select)\s+only\s+(?:the\s+|those\s+)?{_ROWS}\s+(?:of|from|in)\s+"
         r"(?P<file>⟦\d+⟧)\s+(?:in which|where|for which)\s+"),
     r"read \g<file>, keep only the rows where "),
    (_re(r"\b(?:order|rank|arrange)\s+(?P<what>it|them|the\s+\w+|by)\s+"
         r"(?:alphabetically|numerically|chronologically)?\s*(?=by\b)"), r"sort \g<what> "),
    (_re(rf"{_START}(?=(?:the\s+)?{_AGGREGATE}\s+(?:value\s+|amount\s+)?of\s)"), "calculate "),
    (_re(r"(?:,\s+(?:the\s+)?|(?<!the)\s+)(?<!write )(?<!save )(?<!put )(?:results?|ou"
         r"tput|outcome)\s+(?:in)?to\s+(?=(?:the\s+file\s+)?⟦)"),
     " and write it to "),
    (_re(r"\s*\((?:by\s+)?(?:the\s+|its\s+)?(?:field|column|by)\s+(?P<field>\w+)\)\s+"
         r"(?:out\s+of|from|of|in)\s+(?P<file>⟦\d+⟧)"), r" of \g<file> by \g<field>"),
    (_re(r"\bout\s+of\s+(?=⟦\d+⟧)"), "from "),
    (_re(r"\b(?:export|write|save|output|store)\s+(?:only|just)\s+(?:the\s+)?(?:fields?\s+"
         r"|columns?\s+)?(?P<what>\w+(?:\s*,\s*\w+)*,?\s+and\s+\w+)\s+(?:of|from)\s+(?"
         r":them|it|these"
         r"|those)\s+(?:in)?to\s+(?P<file>⟦\d+⟧)"),
     r"keep only the fields \g<what> and write it to \g<file>"),
    (_re(r"\b(?:make|put|write)\s+(?:(?P<case>upper|lower|title)[ -]?case|capitals?(?:\s+letters)?)"
         r"\s+(?:of|out of)\s+(?:(?:everything|all|the\s+\w+|all\s+\w+)\s+(?:in|of)\s+)?"
         r"(?P<what>⟦\d+⟧|it|them)"),
     lambda found: f"change the case of {found.group('what')} to {found.group('case') or 'upper'}"),
    (_re(r"(?P<save>(?:and\s+)?\b(?:save|write|store|export|put)\b[^.;,⟦]*⟦\d+⟧),?\s+(?:but\s+)?"
         r"without\s+(?:the\s+|any\s+)?duplicates?(?P<by>\s+by\s+(?:the\s+)?\w+)?"),
     lambda found: f"and remove duplicates{found.group('by') or ''} "
                   f"and {re.sub('^and ', '', found.group('save'))}"),
    (_re(r"\b(?P<verb>convert|turn|transform|export|write|save)\s+[^.;⟦]*(?P<from>⟦\d+⟧)[^.;⟦]*"
         r"(?P<to>⟦\d+⟧),?\s*(?:but\s+)?only\s+(?:the\s+|those\s+|these\s+)?\w+\s+(?P<"
         r"where>whose|where"
         r"|with|that|which)\s+(?P<clause>[^.;,]+)"),
     r"read \g<from>, filter the rows \g<where> \g<clause> and write them to \g<to>"),
    (_re(r"\b(?P<verb>merge|combine|join)\s+(?P<a>⟦\d+⟧)\s+and\s+(?P<b>⟦\d+⟧)"),
     r"\g<verb> \g<a> with \g<b>"),
    (_re(r"(?P<merge>\b(?:merge|combine|unite|concatenate)\b[^.;,]*?)\s+into\s+(?:one|a single)"
         r"(?:\s+(?:list|table))?(?=\s|[,.;]|$)"), r"\g<merge>"),
    (_re(r"(?P<go>\bcount|number of)\s+(?P<the>the|all|all\s+the)?\s*(?P<what>" + _ROWS + r")\s+"
         r"(?:of|in|from)\s+(?P<file>⟦\d+⟧)\s+(?P<where>where|whose|with|that)\s+"
         r"(?P<clause>[^.;⟦]+?(?:⟦\d+⟧)?)(?=\s+and\s+[a-z]+\s|[.;,]|\s*$)"),
     r"read \g<file>, filter the rows \g<where> \g<clause>, count the rows"),
)  # fmt: skip
_ASKED: tuple[_Rewriting, ...] = (
    (_re(r"\bwhich\s+(?P<what>[\w -]+?)\s+(?:does|do)\s+(?P<of>(?:the\s+file\s+)?⟦\d+⟧)\s+"
         r"(?:contain|have|include|hold|mention)\?\s*(?:(?:please\s+)?(?:extract|get|find|list"
         r"|collect|pull out)\s+(?:them|these|those)(?:\s+all)?,?\s+(?:and\s+)?)?"),
     r"extract the \g<what> from \g<of> and "),
    (_re(r",?\s+one\s+(?:per|on (?:each|every)|in (?:each|every))\s+line\b,?"), ""),
    (_re(r"(?P<mark>[.?!])\s+(?:please\s+)?(?:use|apply|run)\s+(?:the|this)\s+(?P<what"
         r">\w+(?:\s\w+)?"
         r")\s*:?\s*(?P<value>⟦\d+⟧)(?:\s+(?:for (?:that|this|it))?)?(?:,?\s*and\s+)?"),
     r" with the \g<what> \g<value>\g<mark> "),
    (_re(r"(?:^|(?<=[:.;]\s))(?:an?\s+)?new\s+(?P<what>[a-z]+(?:\s(?!in|on|at|from|to|"
         r"of|by|with)[a-z]+)?)\s+(?=⟦\d+⟧)"),
     r"create a new \g<what> "),
    (_re(r"\b(?P<verb>get|grab|fetch|pull|retrieve|read|look up|load)\s+(?:the\s+|all"
         r"\s+)*(?:details?"
         r"|data|info(?:rmation)?|record)\s+(?:of|about|on|for)\s+(?=[\w ]*\d)"), "get "),
    (_re(rf"{_START}(?:i|we)(?:'d like|\s+(?:need|want|would like|require))\s+(?!you\b"
         rf"|to\b)(?P<what>[^.;,⟦]+?)"
         r"\s+(?:in|as)\s+(?:(?:an?|the)\s+)?(?:\w+\s+)?(?:file\s+)?(?:called\s+|named\s+)?"
         r"(?P<file>⟦\d+⟧)"), r"get \g<what> and write it to \g<file>"),
    (_re(r"\bdrop\s+(?:a|the)\s+(?:line|note|message)\s+(?=⟦)"), "post the message "),
    (_re(r"\bin there\b"), "there"),
    (_re(r"(?:^|(?<=[.!?;]\s))SQL(?:\s+(?:query|statement))?\s*:\s*(?P<sql>⟦\d+⟧)"),
     r"run the SQL \g<sql>"),
    (_re(r"\bhow much\s+(?:is|are)\s+(?:the\s+)?(?P<what>[^?⟦]*?⟦\d+⟧)\s+(?:in total|a"
         r"ltogether|all "
         r"together|overall)\s*\?"), r"calculate the sum of the \g<what>."),
    (_re(r"(?P<n>\b(?:due|priority|labell?ed|tagged)\s+[^.;,⟦]{1,25}?),\s+(?=(?:priori"
         r"ty|label|labels|due"
         r"|tagged)\b)"), r"\g<n> with "),
    (_re(r",\s+(?=(?:due|priority|labell?ed|labels?|tagged|titled|entitled|named|assigned to"
         r"|with the (?:title|label|body|name|priority))\b)"), " "),
    (_re(r"\b[a-z]+\s+[^.;,⟦]*?\s(?:via|using|with|in|by)\s+(?:the\s+)?SQL(?:\s+query)?\s*[:(]?\s*"
         r"(?P<sql>⟦\d+⟧)\s*\)?"), r"run the SQL \g<sql>"),
    (_re(rf"{_START}(?P<verb>[a-z]+)\s+(?:me\s+|us\s+)?(?:the\s+)?(?P<field>[a-z]+)\s+"
         rf"of\s+the\s+(?:newest"
         r"|latest|first|most recent)\s+(?P<what>[a-z]+)(?=\s+(?:to|in|on|into|as)\b)"),
     lambda found: _of_the_first(found)),
    (_re(r"(?:in)?to\s+an?\s+[\w ]{1,20}?\s*(?:\.\.\.|…|,|–|-)\s*(?:sorry|no|i mean|ra"
         r"ther|er|oops),?\s+"
         r"(?=(?:in)?to\b)"), ""),
    (_re(r"(?P<from>⟦\d+⟧)\s+(?:becomes|turns into|goes into|ends up (?:in|as)|should become|is to"
         r" become)\s+(?P<to>⟦\d+⟧)"), r"\g<from> -> \g<to>"),
    (_re(r"\b(?P<from>[a-z]+)\s*(?:->|→|=>)\s*(?P<to>[a-z]+)(?:\s+please)?(?=\s*:)"),
     r"\g<from> to \g<to>"),
    (_re(r"(?:^|(?<=[.!?;]\s))(?:in|on|at|from)\s+(?P<place>(?!parallel|case|any|all|each|every"
         r"|order|turn|either|both|the\s+(?:end|event|case|meantime|following|same)\b)"
         r"(?:[\w⟦⟧]+\s+){0,3}?(?:⟦\d+⟧|\d+)),?\s+(?P<verb>[a-z]+)\s+"), _fronted),
)  # fmt: skip


def _after_a_while(match: re.Match[str]) -> str:
    """ "after five minutes do it" is "wait five minutes, do it"."""
    return f", wait {match.group('time')}, " if base_verb(match.group("verb")) else match.group(0)


_POSITIVE = _re(
    r"\bif\s+(?:it|that|the (?:answer|reply|decision))(?:['’]s|\s+is|\s+was)\s+"
    r"(?P<what>positive|negative|favourable|favorable)\b"
)


def _said_answer(match: re.Match[str]) -> str:
    word = "no" if match.group("what").lower() == "negative" else "yes"
    return f"if the answer is {word}"


def _asked_about(match: re.Match[str]) -> str:
    """ "ask if X may be done; if so, do it": the answer decides about X."""
    if base_verb(match.group("verb")) != base_verb(match.group("do")):
        return match.group(0)
    whole = f"{match.group('what')}{match.group('rest') or ''}"
    return f"{match.group('ask')}{match.group('then')}{match.group('do')} {whole}"


def _asked_before(match: re.Match[str]) -> str:
    """ "get the okay before you do it" is "get the okay; if approved, do it"."""
    verb = base_verb(match.group("verb"))
    if not verb:
        return match.group(0)
    return f"{match.group('ask')}. If approved, {verb} {match.group('rest')}"


def _of_the_first(match: re.Match[str]) -> str:
    """ "send the title of the newest entry" is "take the first entry and send its title"."""
    verb = base_verb(match.group("verb"))
    if not verb or "retrieve" in verb_class(verb):
        return match.group(0)
    return f"take the first item of the list and {verb} its {match.group('field')}"


def plain_request(masked: Masked) -> str:
    """Return the masked text of a request in the wording that the other stages read."""
    text = with_files_read(connected(masked.text), masked.values)
    if re.search(r"\bask\b", text, re.I):
        text = _POSITIVE.sub(_said_answer, text)
    for rewritings in (_FLOW, _PEOPLE, _ASKED, _TABLES):
        for pattern, instead in rewritings:
            text = pattern.sub(instead, text)
        text = with_files_meant(text, masked.values)
    return text.strip()
