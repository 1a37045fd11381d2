#!/bin/sh
# First process of a host, from power on until its input ends: all others end with it.
# Says "up" when sshd listens.
set -eu
mount -t tmpfs -o mode=755 run /run
mkdir -p /run/sshd /run/lock
mount -t tmpfs -o mode=1777 tmp /tmp
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts /dev/pts
mount -t tmpfs -o mode=1777 shm /dev/shm
exec 3<&0
cat <&3 >/dev/null &
power=$!
/usr/sbin/sshd -E /var/log/sshd.log
# sshd writes it when it listens
until [ -s /run/sshd.pid ]; do sleep 0.01; done
echo up
exec 3<&- </dev/null >/dev/null
# also takes leave of processes whose parents have gone
wait "$power"
