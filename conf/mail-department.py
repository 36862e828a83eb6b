#!/usr/bin/env python3
"""A hook that mails what is newly wrong to the department of its remote, by this machine's sendmail.

In the settings, where somebody has put it and made it executable:

    [hooks]
    failed = ["/usr/local/lib/cpbillmgr/mail-department.py"]
    low_balance = ["/usr/local/lib/cpbillmgr/mail-department.py"]

A remote without a department has it mailed to root. What sendmail does not take, the next run tries again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from email.message import EmailMessage

TRY_LATER = 75


def main() -> int:
    """Mail the notices that stand on stdin; return the exit code for cpbillmgr."""
    told = json.load(sys.stdin)
    mail = EmailMessage()
    mail["To"] = os.environ.get("CPBILLMGR_DEPARTMENT", "root")
    mail["Subject"] = f"cpbillmgr: something at {told['remote']} needs you"
    mail.set_content("\n\n".join(notice["text"] for notice in told["notices"]) + "\n")
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/lib"
    try:
        subprocess.run(["sendmail", "-t", "-oi"], input=mail.as_bytes(), check=True, env={"PATH": path})
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"the mail was not taken: {error}\n")
        return TRY_LATER
    return 0


if __name__ == "__main__":
    sys.exit(main())
