"""Fine-tuning a trained network on confirmed matches: `python -m retrieval tune`."""
