"""Pages in, clean documents and chunks out; rejects with reasons."""
