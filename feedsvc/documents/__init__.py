"""What exists: the documents of a site, what each depends on, and how it is made."""
