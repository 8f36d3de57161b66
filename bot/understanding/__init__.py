"""Intent recognition: intent files, encoders, training, the serving model, evaluation."""
