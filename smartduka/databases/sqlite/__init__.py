"""Django's SQLite, at which several tills wait for their turn to write more fairly."""
