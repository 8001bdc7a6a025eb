"""The registry as linked data: CPSV-AP 3.2 for standards, DCAT-AP 3 for the data sets.

Graphs are made as JSON-LD whose context is inside, so that nothing has to be fetched to read
them; Turtle is the same graph. Both are written node by node, so a graph of everything streams.
Texts carry their language, and what has English is said in both.
"""
