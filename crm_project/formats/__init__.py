"""How the back office writes numbers and dates, by language: Django reads these modules."""
