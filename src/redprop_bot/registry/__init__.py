"""The register (名册): who is who, who answers for what, import and export.

Rights are decided in `rules.roles`, statements stand in `store.registers`.
"""
