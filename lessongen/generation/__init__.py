"""How a lesson is generated: brief, sections side by side, retries and fallbacks."""
