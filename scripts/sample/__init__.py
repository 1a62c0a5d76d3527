"""The drawings of make_sample.py."""
