"""HTTP: health, readiness and metrics on one port."""

from adapters.http.server import serve_operations

__all__ = ["serve_operations"]
