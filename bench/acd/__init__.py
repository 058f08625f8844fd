"""``python -m bench.acd``: this platform's queues against app_queue, on the same Asterisk, read off the wire."""
