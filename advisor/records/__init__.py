"""What is kept of visitors beside the conversation itself, in one SQL database: see store.py and tables.py."""

from advisor.records.store import OWN, Asked, Records, Sent

__all__ = ["OWN", "Asked", "Records", "Sent"]
