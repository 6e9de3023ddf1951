"""The ledger told in sentences, in each language; for console, command line and pages. Imports no surface."""
