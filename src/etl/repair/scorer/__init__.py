"""What was learned: how well two line ends go on into each other, and the trees that weigh signs.

Imports `layout`; `furniture` and `order` ask it.
"""
