"""The only place that speaks SQL: lessons, sections, attempts and settings, kept."""
