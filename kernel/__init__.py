"""The words that every room shares: values, events, commands, ports. No I/O lives here but the bus."""
