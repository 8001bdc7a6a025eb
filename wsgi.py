"""What a WSGI server loads: ``gunicorn wsgi:app``.

``siapa serve`` starts the same application after it has brought the database, the
data and the index up to date.
"""

from siapa import create_app

app = create_app()
