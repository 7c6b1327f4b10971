"""The WSGI entry for granian, gunicorn and the like."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "standards_hub.settings")
application = get_wsgi_application()

from records.sealing_thread import start_sealing  # noqa: E402  models can be imported only now

start_sealing(settings.SEAL_EVERY)
