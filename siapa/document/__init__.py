"""The document of a standard: the one value everything turns on.

Fourteen components the law asks for, and the head fields beside them. This room
knows no database and no web: values in, values or problems out.
"""
