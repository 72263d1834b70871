"""The whole suite on every engine: SQLite, PostgreSQL and MariaDB, each told apart in the last lines.

`python -m smartduka.tests.engines [pytest arguments]` is what `python3 run.py test` starts.
"""
