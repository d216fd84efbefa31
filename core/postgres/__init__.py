"""Django's PostgreSQL backend, with lost connections seen cheaply and statements limited."""
