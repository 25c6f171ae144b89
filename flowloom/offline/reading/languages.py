"""Names of languages, to tell "in German" from "in Slack"."""

from __future__ import annotations

import re

from flowloom.offline.reading.lexicon import word_set

__all__ = ["language_in"]

_LANGUAGES = word_set("""
    Afrikaans Albanian Arabic Armenian Basque Bengali Bosnian Bulgarian Catalan Chinese Croatian
    Czech Danish Dutch English Estonian Filipino Finnish French Galician Georgian German Greek
    Gujarati Hebrew Hindi Hungarian Icelandic Indonesian Irish Italian Japanese Kannada Kazakh
    Khmer Korean Lao Latin Latvian Lithuanian Macedonian Malay Malayalam Maltese Mandarin Marathi
    Mongolian Nepali Norwegian Persian Polish Portuguese Punjabi Romanian Russian Serbian Slovak
    Slovenian Somali Spanish Swahili Swedish Tamil Telugu Thai Turkish Ukrainian Urdu Uzbek
    Vietnamese Welsh Yoruba Zulu
    """)


def language_in(text: str) -> str | None:
    """Return the language that words name as the one wanted: "into French", "in Korean"."""
    found = re.findall(r"\b(?:in|into|to)\s+((?:[A-Z][a-z]+\s)?[A-Z][a-z]+)\b", text)
    for words in found:
        if words.split()[-1] in _LANGUAGES:
            return (
                words
                if words.split()[0] in ("Brazilian", "Simplified", "British")
                else words.split()[-1]
            )
        if words.split()[0] in _LANGUAGES:
            return words.split()[0]
    return None
