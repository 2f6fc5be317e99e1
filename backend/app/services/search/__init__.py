"""Finding what was said: reads a query, asks the index of words, and ranks and cuts out what it brings."""
