"""What Chinese writing is made of, whatever stage asks: numerals, folding, surnames, numbering, bylines.

The ground floor: nothing here imports another package of the house, and every stage may import this one.
"""
