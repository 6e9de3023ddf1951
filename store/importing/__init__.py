"""Records of an import: recognised, merged with what is here, written in one transaction or not at all."""
