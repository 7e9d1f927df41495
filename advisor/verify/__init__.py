"""Does a passage carry a sentence? Exact checks first, then a small entailment model; leak before pass.

>>> from advisor.verify import verify
>>> verify("Arena lasts three years.", ["Arena supports a cluster for three years."]).supported  # doctest: +SKIP
"""

from advisor.verify.checker import Checker, Verdict, verify
from advisor.verify.exact import Match, check

__all__ = ["Checker", "Match", "Verdict", "check", "verify"]
