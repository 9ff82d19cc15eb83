"""The only place that speaks to Gemini: its stream becomes text, its errors become ours."""
