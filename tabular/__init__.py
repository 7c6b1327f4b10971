"""Files ⇄ tables: reads and writes csv, xlsx, xls, JSON and text blocks. Pure Python, no Django."""
