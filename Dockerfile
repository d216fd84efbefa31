FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CRM_DATA_DIR=/var/lib/crm

WORKDIR /srv/crm
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt \
    && useradd --system --no-create-home crm \
    && install -d -o crm -g crm -m 700 /var/lib/crm
COPY . .

# The values are for this one command; nothing of them stays in the image.
RUN DJANGO_SETTINGS_MODULE=crm_project.settings.production CRM_SECRET_KEY=none CRM_ALLOWED_HOSTS=none \
    DATABASE_URL=postgresql://none/none REDIS_URL=redis://none \
    python manage.py collectstatic --no-input

ENV DJANGO_SETTINGS_MODULE=crm_project.settings.production
USER crm
VOLUME /var/lib/crm
EXPOSE 8000
CMD ["gunicorn", "-c", "crm_project/gunicorn.py", "-b", "0.0.0.0:8000", "crm_project.wsgi"]
