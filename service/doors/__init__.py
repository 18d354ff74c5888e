"""The doors out: what was released, as a report, FHIR, HL7, REDCap, tables and study exports.

Every door takes a `Leaving`, and nothing else: it holds what may leave, and no number that may not.
"""
