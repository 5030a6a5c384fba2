"""*How to add* of feedsvc/README.md, followed step by step on a copy of the tree."""
