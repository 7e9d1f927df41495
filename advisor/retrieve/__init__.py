"""Question (+ history) -> ranked hits with a calibrated probability."""
