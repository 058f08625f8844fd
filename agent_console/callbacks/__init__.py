"""The callbacks that are owed (折り返し), and the messages that callers left (伝言)."""
