"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from ikm_program import garbage

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikm_program.settings")

application = get_wsgi_application()
garbage.leave_the_program_out()
