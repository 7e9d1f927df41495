"""Pages in, clean documents and chunks out; rejects with reasons.

pipeline.ingest(sources, store, name, options, progress) -> Report      files, folders, addresses into a collection
collections.Collections(root)     documents() digests() names() records(name) remove(name, source) lists(name)
collections.read_folders(folders, fold_near=False, on_error=None)       documents of any folders, not stored
quarantine.entries(store, name, verdicts) / show / restore / drop       review of what was held back
report.html(report) -> str                                              what left each page and why, self-contained
clean.clean(page) -> Cleaned                                            judged blocks of one page
chunk.chunk(document, fits) -> list[Chunk]                              pieces for the embedder
sentences.split_sentences(text)   language.detect(text)   injection.reason(text)   dedupe.fold(documents)
"""
