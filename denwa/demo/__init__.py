"""The demonstration: a citizen's call through everything, with real SIP and audio, on one machine."""
