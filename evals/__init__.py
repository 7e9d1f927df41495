"""Offline evaluation: cases, scorers, run, gate, report."""
