"""Training: one loop for pre-training, fine-tuning and the comparison of methods; what they learn from."""
