"""Telemetry: what lessons took, told to a collector of OpenTelemetry; never what is in them."""
