"""The telephone directory (内線番号表) at the console: found during a talk, looked up, edited."""
