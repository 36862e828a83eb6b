"""How BILLmanager is spoken to: calls, documents, lists, formats, refusals."""
