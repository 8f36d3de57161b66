"""Files on disk: private ones, shared ones, symbolic links."""
