"""What may ail an installation, and the command that mends each: `manage.py crm_doctor`."""
