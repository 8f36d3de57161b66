"""Personal data: how long it is kept, and how a person gets it or has it erased."""
