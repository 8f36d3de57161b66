"""Forms: slots that are asked for one after the other, then an action, then a reply."""
