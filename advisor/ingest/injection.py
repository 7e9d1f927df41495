"""Text that gives orders to a machine instead of telling people something. Labelled apart from spam, for people to review. Pure."""

import re

from advisor.documents import Reason

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(ignore|disregard|forget|override)\b.{0,40}\b(previous|prior|above|all|your|system)\b.{0,30}\b(instructions?|prompts?|rules?|guidelines?|context)\b",
        r"\b(system|developer) prompt\b|\b(new|hidden|secret) instructions?\b.{0,10}:",
        r"\b(ai|assistant|chatbot|language model|llm|agent|advisor)s?\b.{0,40}\b(must|should|shall|have to|are to|always|never|please)\b.{0,40}\b(say|answer|reply|respond|recommend|tell|output|print|include|mention|reveal|link|send|obey)\b",
        r"\b(when|if)\b.{0,30}\b(asked|summari[sz]ing|answering|reading this)\b.{0,40}\b(say|answer|reply|respond|recommend|tell|output|include|mention|claim)\b",
        r"\byou are (now )?(a|an|in) .{0,30}\b(mode|assistant|ai|chatbot|dan)\b|\bdo anything now\b|\bjailbreak\b",
        r"\byou are now [A-Z]{2,}\b|(?<!\w )\bsystem\s*:\s*\w+|\bsend (all|the|your|any|every)\b.{0,30}\b(data|information|conversations?|messages?)\b.{0,20}\bto\b",
        r"</?(system|assistant|instructions?)>|\[/?INST\]|<\|im_(start|end)\|>|^#{2,}\s*(system|instruction)s?\b",
        r"\b(reveal|print|output|exfiltrate|send)\b.{0,40}\b(api keys?|passwords?|system prompt|secrets?|conversation|user data)\b",
        r"\b(notes?|messages?|hints?|memo) (to|for) ((the|all|any|an?) )?((ai|llm|language) (readers?|crawlers?|agents?|assistants?|systems?|models?|bots?)\b|(ais?|llms?|chatbots?|bots?|crawlers?)\s*[:,.)-])",
        r"(?<!\w )\b(assistant|ai|chatbot|language model|llm|agent|bot)s?\s*[,:]\s*(please |kindly )?(call|run|use|execute|delete|forget|say|answer|reply|tell|write|add|open|send|visit)\b",
        r"\b(call|use|run|invoke) your\b.{0,20}\btools?\b|\b(delete|drop|erase|empty) the (collection|database|index|corpus)\b",
        r"^\s*\[(//|comment)\]:\s*[#<]",  # a comment in Markdown: readers never see it
        r"\b(ignorier\w*|ignora|ignorez|ignore[zr]?|ignorer|esque[cç]a|olvida|oubliez)\b.{0,40}\b(anweisungen|instrucciones|instructions|instruks\w*|instru[cç][oõ]es|consignes)\b",
    )
)


def reason(text: str) -> Reason | None:
    """Why the text looks like an instruction to a machine, or None."""
    for pattern in _PATTERNS:
        match = pattern.search(text)
        if match is not None:
            shown = match.group(0)[:80]
            return Reason("injection", "injection", f"reads like an order to a machine: {shown!r}", 1.0)
    return None
