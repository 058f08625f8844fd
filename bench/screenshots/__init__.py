"""Pictures of every page of the console, with an invented centre's afternoon (``python -m bench.screenshots``)."""
