"""Learning from the desk's own traffic: approved messages of customers with a model's labels.

Source: self-training with pseudo-labels, Lee 2013, "Pseudo-Label".
"""
