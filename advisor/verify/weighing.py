"""From the network's view of each word, and from how claim and passage align, one score."""

import math
from collections.abc import Mapping, Sequence

from advisor.verify.alignment import align
from advisor.verify.text import sentences

_ORDERLY = 0.05  # share of crossed words below which a claim follows the passage's order


def features(claim: str, near: str, words: Sequence[float]) -> dict[str, float]:
    """What is weighed. `words`: the logit of each word piece of the claim (and of its end): is it carried?"""
    laid = align(claim, near)
    least = -math.log(sum(math.exp(-max(-30.0, value)) for value in words))
    lowest = sorted(words)[:3]
    return {
        "least": least,  # about the word that is carried least
        "lowest": sum(lowest) / len(lowest),
        "safe": float(laid.open == 0 and laid.crossed < _ORDERLY and not laid.risky),  # the passage's words, in order
        "risky": float(laid.risky),
        "left": laid.left,
        "sentences": float(len(sentences(near))),
        "length": math.log(max(1, laid.meaning)),
    }


def weighed(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """A logit: supported above the tuned threshold."""
    return weights["bias"] + sum(weights[name] * value for name, value in values.items())
