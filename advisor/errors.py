"""The one tree of errors. Each names what went wrong, the value, and the cure.

AdvisorError
|- SetupError     a setting, package, key or model that is missing or wrong
|- SourceError    a page, file or address that cannot be read
|- StoreError     the index, the collections or the conversations
|- ModelError     a language model that fails while it answers
'- RequestError   what a person or a program asked for cannot be done as asked
"""


class AdvisorError(Exception):
    """A failure the user can mend: shown as one message, without a traceback."""

    def __init__(self, what: str, *, value: object = None, cure: str = "") -> None:
        self.what, self.value, self.cure = what, value, cure
        shown = "" if value is None else f": {str(value)[:300]!r}"
        super().__init__(f"{what}{shown}." + (f" {cure}" if cure else ""))


class SetupError(AdvisorError):
    """A setting, package, key or model is missing or wrong."""


class SourceError(AdvisorError):
    """A page, file or address cannot be read."""


class StoreError(AdvisorError):
    """The index, a collection or the conversation store cannot be used."""


class ModelError(AdvisorError):
    """A language model failed while it answered."""


class RequestError(AdvisorError):
    """A request that cannot be served as it is: empty, too long, unknown."""
