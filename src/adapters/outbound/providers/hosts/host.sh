# Begins each script that runs on a host, read from its standard input by sh; leases.sh or processes.sh follows.
# They need nothing but POSIX and Linux's /proc. What is asked for was set before: op, token (hexadecimal digits
# and one -), member, seconds, digest (64 hexadecimal digits).
# Answers are lines that begin with "multiplespawner "; without the last one, "done", it didn't work.

set -u
umask 077
LC_ALL=C
PATH=${PATH:-}:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
unset CDPATH

say() { printf 'multiplespawner %s\n' "$*"; }

