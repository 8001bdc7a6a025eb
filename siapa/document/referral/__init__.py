"""A document in the words of Open Referral (HSDS), and back: what can be told there, and what is understood.

``saying`` and ``reading`` are two sides of one mapping. What reading does not give back of what
saying was given is what the format loses; nobody writes that list by hand.
"""
