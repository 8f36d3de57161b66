"""The one database: its tables, migrations and engine."""
