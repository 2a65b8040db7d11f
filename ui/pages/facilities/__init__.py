"""The register of facilities."""
