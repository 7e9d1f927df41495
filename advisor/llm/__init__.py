"""One door to language models: 'provider:model' -> a LangChain chat model."""
