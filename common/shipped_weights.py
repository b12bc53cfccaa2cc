"""What the weights files are called that come with this version, in ``retrieval/weights``."""

EMBEDDER = "mocban-vankhac.safetensors"
LOCALISER = "mocban-trang.safetensors"
