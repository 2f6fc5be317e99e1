"""Taking along what is one's own: one conversation as a document, and everything as an archive."""
