"""What any WSGI server loads as ``wsgi:app``.

``siapa serve`` serves the same application after it has brought the database, the data
and the index up to date, and does the background duties beside it.
"""

from siapa import create_app

app = create_app()
