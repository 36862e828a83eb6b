#!/bin/sh
# A year of 200 customers who come and go, lived twice on a pretend remote: without the pool, and with it.
# Needs cpbillmgr on the PATH. Works in folders of its own and leaves nothing behind. It takes some minutes;
# CUSTOMERS, DAYS and STEP (days between two runs) in the environment make it shorter.
set -eu

exec python3 "$(dirname "$0")/year.py"
