"""News and commands between the parts of the platform (kernel.ports.Bus): in one process, or by Redis Streams."""
