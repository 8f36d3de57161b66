"""What do we say? Replies, knowledge, GPT."""
