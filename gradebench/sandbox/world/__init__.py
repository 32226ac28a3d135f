"""What the sandbox Canvas holds, and how a believable course is made from a seed."""
