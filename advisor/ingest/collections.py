"""placeholder until the pipeline lands"""
from pathlib import Path
from advisor.documents import Document
class Collections:
    def __init__(self, root: Path) -> None: self._root = root
    def documents(self) -> tuple[Document, ...]: return ()
    def digests(self) -> tuple[str, ...]: return ()
