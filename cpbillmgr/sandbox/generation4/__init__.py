"""BILLmanager 4: other functions, ids for periods, numbers for errors, and no keys.

The rules of the business are those of later generations.
"""
