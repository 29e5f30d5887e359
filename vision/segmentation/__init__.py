"""The segmentation network and its masks."""
