"""The dialect of generations 5 and 6, which speak one protocol (wire-api.md, Product-generation map)."""
