"""The whole installation in a directory, and back: `manage.py backup`, `manage.py restore`.

`database.dump` is what pg_dump writes (custom format; any pg_restore reads it), `media.tar` what
people have uploaded, `facts.json` how many rows each table had in the snapshot that was dumped.
"""
