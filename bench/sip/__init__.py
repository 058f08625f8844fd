"""Telephones of the benchmarks' own: SIP and RTP over UDP, whose times are those of the kernel."""
