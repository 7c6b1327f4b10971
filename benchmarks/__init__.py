"""What speed is claimed and how anyone can check it: `python -m benchmarks`. Nothing imports this package."""
