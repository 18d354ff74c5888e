"""HL7 v2.5.1: what left of an analysis as a message ORU^R01."""
