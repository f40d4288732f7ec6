"""The only home of SQL: tables, statements by noun, the unit of work, migrations and backup.

No rule of the game and no wording may live here.
"""
