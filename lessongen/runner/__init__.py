"""The background runner: takes queued lessons, has them written, keeps what arrives."""
