"""FHIR R4: what leaves of an analysis as a Bundle of a report and what it rests on."""
