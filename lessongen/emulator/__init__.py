"""A server that speaks Gemini's REST protocol from sample lessons: no key, no network, no cost."""
