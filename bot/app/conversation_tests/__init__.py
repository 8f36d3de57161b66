"""Tests of whole conversations: files of turns and what is expected of each.

They run through the real service over a database of their own. No platform is connected, and no
action is called.
"""
