#!/bin/sh
# Control panel licenses for VMmanager 6: bought by the year, sold by the month, and what one customer leaves serves
# the next. The days pass by the sandbox's clock.
# Needs cpbillmgr on the PATH. Works in a folder of its own and leaves nothing behind.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/../telling.sh"

cp "$here/first.json" "$here/next.json" "$here/cpbillmgr.toml" "$here/world.json" "$work"
chmod 600 "$work/cpbillmgr.toml" "$work/world.json"
cd "$work"
export CPBILLMGR_SETTINGS="$work/cpbillmgr.toml"

step 'Connect the license server, in the settings:'
list '1. Choose the product type: product_type = "soft".' \
    '2. Choose the processing module, BILLmanager 6: generation = 6.' \
    '3. Set the integration up: url, user, password_file. For a sandbox the url is enough.' \
    '4. Set its parameters: name, sort, minimal_balance, department.'
shell 'cat cpbillmgr.toml'
run remote list
step 'The account may log in, and order licenses.'
run remote check

step 'The resource "Control panel license", 1: create an enumeration, and add its values.' \
    'The internal name of a value means the code of the license plan at the remote, which sells these:'
run remote presets
run enumeration set ispmanager 55227
step 'For a month the code is 55382, for a year 55384.'
run enumeration set billmanager-month 55382
run enumeration set billmanager-year 55384
step 'For "No control panel" the internal name is nopanel. It needs no value, for there is nothing to order.'
refused enumeration set nopanel

step '2: add the resource to the tariff. Here it is an add-on of the server, of kind enumeration, with a value.'
shell 'cat first.json'

step 'The cost of the control panel: a price for each value.'
run enumeration set ispmanager --price 1=5.00 --price 12=50.00
run enumeration set billmanager-month --price 1=35.00
run enumeration set billmanager-year --price 12=350.00
run enumeration list

step 'Alignment, in the settings, too:'
list '1. Set the parameter: an [[alignment]].' \
    '2. Choose the source period: months = 1.' \
    '3. Choose what it is changed into: into = 12.' \
    '4. Compare with the tariff of the server: type, tariff.'
run config explain ispmanager --period 10 --months 1 --type vds --tariff 3
step 'Another tariff gets the shortest period; a plan whose code says the period is left alone.'
run config explain ispmanager --period 10 --months 1 --type vds --tariff 4
run config explain billmanager-month --months 1 --type vds --tariff 3
run config explain billmanager-year --months 1 --type vds --tariff 3

step 'Reuse. A client orders a server with ispmanager for a month, on 2027-02-01: the license is bought for a year.'
run service import first.json
run fixchilds --yes
run license list

step 'He renews the server twice, which costs nothing here, and leaves it in the third month.'
run sandbox clock --world world.json --at 2027-03-20T12:00
run checkevent
run sandbox clock --world world.json --at 2027-04-28T12:00
run checkevent
run service close 301
step 'The license goes into the pool: 279 of its 365 days are left, and so much of its 40.00 EUR.'
run license list
run pool

step 'The next client orders when the license has rested for a month: nothing is bought.'
run sandbox clock --world world.json --at 2027-06-10T12:00
run service import next.json
run fixchilds --yes
run license list

step 'He stays. One day before its end the license is renewed, for what the alignment says then.'
run sandbox clock --world world.json --at 2028-01-31T12:00
run checkevent
run license list

step 'Sold by the month from now on: the next renewal is for a month.'
shell "sed -i 's/^into = 12/into = 1 /' cpbillmgr.toml"
run sandbox clock --world world.json --at 2029-01-31T12:00
run checkevent

step 'Two customers have had a panel for two years and a month, for 40.00 + 40.00 + 4.00 EUR.'
run operation list
run remote balance
