"""Conversation: interview, profile, readiness, plan, cited answers."""
