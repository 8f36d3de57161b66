"""Forms: what is asked of a customer before something is done."""
