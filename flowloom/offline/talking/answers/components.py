"""Which components could do something: a search, told with how well the words fit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flowloom.catalog.component import Component
from flowloom.offline.reading.lexicon import base_verb
from flowloom.offline.talking.answers.subject import Subject, content_words
from flowloom.retrieval.query import Query
from flowloom.workflow.tree import one_line

__all__ = ["components_for", "named_component", "wished_for"]

MOST = 5
_ASKED = re.compile(
    r"^(?:(?:and|so|but|ok|well)\b[,\s]*)*(?:(?:which|what|are there|is there|do you have|have"
    r" you got|does flowloom have|show me|list|find|search(?: for)?|any)\b\s*)?(?:a|an|any|some"
    r"|the|all|kinds? of|sorts? of|\s)*(?:components?|connectors?|integrations?|triggers?"
    r"|actions?|steps?|tools?|connections?|services?)?\s*(?:(?:are|is) there\b|do you (?:have"
    r"|know|support)\b|exist\b)?\s*(?:(?:can|could|that|which|would|will|might|to|for|with|of"
    r"|do|does|is able to|are able to)\b\s*)*|^(?:do|does|can|could|will|would)\s+(?:you"
    r"|flowloom|it|i|we)\s+(?:also\s+)?(?:support|know|connect(?: to)?|work with|talk to"
    r"|integrate(?: with)?|handle|use|have)\s+|^how\s+(?:do|can|could|would|should)\s+(?:i|we"
    r"|you|it)\s+",
    re.I,
)
_ABOUT_COMPONENTS = re.compile(
    r"\b(?:components?|connectors?|integrations?|triggers? (?:are|is|do|exist|can)|(?:kinds?"
    r"|sorts?) of (?:triggers?|steps?|components?))\b|\b(?:do|does|can|could|will)\s+(?:you"
    r"|flowloom)\s+(?:also\s+)?(?:support|connect|work with|talk to|integrate|handle|know)\b"
    r"|\bhow (?:do|can|could|would) (?:i|we)\b|\bis there (?:a|an|any|some)\b.*\b(?:to|for|that"
    r"|which)\b",
    re.I,
)


def wished_for(question: str) -> str:
    """Return what a question wants a component for; empty if it asks for none."""
    if not _ABOUT_COMPONENTS.search(question):
        return ""
    return _ASKED.sub("", question.strip().rstrip("?").strip(), count=1).strip() or "anything"


def named_component(subject: Subject) -> Component | None:
    """Return the component whose id stands in the question."""
    words = re.findall(r"[A-Za-z][\w.:-]*\w", subject.question)
    return next(
        (found for word in words if "." in word and (found := subject.catalog.get(word))), None
    )


def components_for(subject: Subject, wanted: str) -> str:
    """Return the components that could do what is wanted, best first."""
    kind = "trigger" if re.search(r"\btriggers?\b", subject.question, re.I) else ""
    hits = subject.search(Query(text=wanted, k=20))
    found = [item for hit in hits if (item := subject.catalog.get(hit.id)) is not None]
    found += _of_named_services(subject, wanted)
    if kind:
        # A search by words may miss triggers; there are few, so all are told.
        triggers = [item for item in subject.catalog if item.kind == "trigger"]
        found = [*(item for item in found if item.kind == "trigger"), *triggers]
    found = list({item.id: item for item in found}.values())
    if not found:
        return f"The catalog has no component for {wanted!r}. Add a source: flowloom catalog add"
    words = content_words(wanted) - {"anything", "trigger", "component"}
    # What is sent tells more than that it is sent.
    words = {word for word in words if not base_verb(word)} or words
    fitting = [item for item in found if words & _words(item)] if words else found
    if fitting:
        fitting.sort(key=lambda item: -len(words & _words(item)))
        return f"These fit the words best:\n{_listed(fitting[:MOST])}"
    return (
        f"No component has the words {wanted!r}. The nearest by meaning are:\n"
        f"{_listed(found[:MOST])}\n"
        "Whether one of them does what you mean I cannot tell without a language model."
    )


def _of_named_services(subject: Subject, wanted: str) -> list[Component]:
    """Return the components of the services that the words name, whatever they do."""
    words = {word.lower() for word in re.findall(r"[\w-]+", wanted)}
    found = [item for item in subject.catalog if item.provider and item.provider.lower() in words]
    return found[:MOST]


def _words(component: Component) -> set[str]:
    texts = (component.title, component.provider, component.description, *component.keywords)
    return content_words(" ".join((*texts, component.id.replace(".", " ").replace("_", " "))))


def _listed(components: Sequence[Component]) -> str:
    return "\n".join(
        f"- {item.id}: {one_line(item.title or item.description, 80)}"
        f"{f' ({item.provider})' if item.provider else ''}"
        for item in components
    )
