"""Exports encoders to ONNX graphs that serve without torch."""
