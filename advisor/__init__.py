"""Cluster Advisor: cited advice for people who start, grow or renew innovation clusters."""

__version__ = "0.1.0"
