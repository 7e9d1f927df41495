"""FastAPI: event-stream API, Gradio page, widget."""
