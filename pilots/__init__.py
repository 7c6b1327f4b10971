"""Trying standards out: schemes, projects, workflow, materials, deadlines. Nothing is built here yet."""
