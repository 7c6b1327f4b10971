"""The catalogue's pages: what everybody sees, and what staff work with."""
