#!/bin/sh
# Resell SSL certificates: a processing module, tariffs, and a certificate from its request to its files, renewed
# once. The days pass by the sandbox's clock.
# Needs cpbillmgr on the PATH. Works in a folder of its own and leaves nothing behind.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/services.json" "$here/late.json" "$here/cpbillmgr.toml" "$here/world.json" "$work"
chmod 600 "$work/cpbillmgr.toml" "$work/world.json"
cd "$work"
export CPBILLMGR_SETTINGS="$work/cpbillmgr.toml"

step() {
    printf '\n# %s\n' "$*"
}

run() {
    printf '\n$ cpbillmgr %s\n' "$*"
    cpbillmgr "$@"
}

show() {
    printf '\n$ cat %s\n' "$1"
    cat "$1"
}

refused() {
    printf '\n$ cpbillmgr %s\n' "$*"
    if cpbillmgr "$@" 2>&1; then exit 1; fi
}

step 'Integration setup, 1 and 2: add a processing module, which is a [[remote]] of the settings.'
step '3 and 4: its product type, here "certificate"; 5: the seller speaks as BILLmanager 6; 6 and 7: URL, user, password.'
step '8: data center, name, department, sort, and the minimal balance below which it warns.'
show cpbillmgr.toml
step '9: it is there, and may log in.'
run remote list
run remote check

step 'Use an account of its own for each reselling billing: one that stands there twice is refused.'
printf '[[remote]]\nname = "%s"\nproduct_type = "certificate"\nurl = "sandbox:world.json"\n' one other > twice.toml
refused remote list --settings twice.toml

step 'Importing tariff plans, 1 and 2: what the seller has, 3: of this processing module, 4: of this product type, these; 5.'
run remote presets
run tariff import --remote ssl --type certificate 55348 55346

step 'Editing the tariff plan, 1: the list, 2: choose one, 3: its name and its price are ours.'
run tariff list
run tariff edit 55348 --name 'Certificate for one domain' --price 12=60.00
run tariff edit 55346 --name 'Certificate for beginners' --price 12=30.00 --price 24=55.00

step 'Enable reselling, 1 and 2: of one or several tariff plans. What is not enabled is not ordered.'
run tariff enable 55348 55346
run tariff list

step 'A client orders a certificate. Its key and its request are made here; the key never leaves this machine.'
run service import services.json
run certificate request 501 --approver webmaster
run fixchilds --dry-run
run fixchilds --yes
run license list

step 'It waits for whoever reads that mailbox: a mail with a link is there.'
run checkevent
run sandbox approve --world world.json 1

step 'checkevent sees that it is issued, and fetches the files.'
run checkevent
run license list
printf '\n$ ls -l certificates/501/ssl/current/\n'
ls -l certificates/501/ssl/current/ | sed 's/ .* / ... /'

step 'Thirty days before its end the next one is ordered, with a key and a request of its own.'
run sandbox clock --world world.json --at 2028-01-02T12:00
run checkevent
run sandbox approve --world world.json 2
run checkevent
run license list
run operation list

step 'To turn off reselling of one or several tariff plans: what is disabled is not ordered any more.'
run tariff disable 55346
run service import late.json
refused order --service 502
