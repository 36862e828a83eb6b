"""``python -m cpbillmgr`` is the command ``cpbillmgr``."""

from cpbillmgr.cli.main import main

if __name__ == "__main__":
    main()
