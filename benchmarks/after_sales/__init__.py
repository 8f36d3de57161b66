"""After-sales tasks of a published benchmark, done by forms, actions and a proof of identity."""
