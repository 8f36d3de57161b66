"""What does the customer mean? Intent files, encoder, training, classifier, evaluation."""
