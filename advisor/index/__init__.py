"""Chunks into Chroma and BM25: versioned, swapped atomically."""
