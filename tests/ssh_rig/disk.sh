#!/bin/sh
# Makes the disk and the network card of a host and keeps them until its input ends.
#   unshare --net --mount --uts sh disk.sh FOLDER NAME [without-python]
# FOLDER is an empty folder to mount on. Says "open" once the card can be moved here, reads
# "ADDRESS/BITS" when it was, and says "ready". Nothing has a name outside: all goes with the last process.
set -eu
folder=$1 name=$2 python=${3:-with-python}
here=$(dirname "$0")
echo open

# what the machine has installed can be read and changed by the host, its changes lie in memory
mount -t tmpfs -o mode=700 disk "$folder"
mkdir "$folder/root"
mount -t tmpfs -o mode=755 root "$folder/root"
for top in usr etc var bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$top" ]; then
    cp -a "/$top" "$folder/root/"
  elif [ -d "/$top" ]; then
    mkdir -p "$folder/root/$top" "$folder/changed/$top" "$folder/work/$top"
    mount -t overlay -o "lowerdir=/$top,upperdir=$folder/changed/$top,workdir=$folder/work/$top" "$top" "$folder/root/$top"
  fi
done

# nothing else of the machine is there
cd "$folder/root"
mkdir -p dev/pts dev/shm home media mnt old opt proc run srv sys tmp
mkdir -m 700 root
cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty dev/
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=1777 tmp var/tmp
cp "$here/boot.sh" usr/sbin/ssh-rig-boot
[ "$python" = with-python ] || rm -f usr/bin/python* usr/local/bin/python*
pivot_root . old
umount -l old
rmdir old
cd /

# the people of the machine are not those of the host
for table in passwd shadow group gshadow subuid subgid; do
  [ -e "/etc/$table" ] || continue
  case $table in
    passwd) awk -F: '$3 < 1000 || $3 == 65534' ;;
    group) awk -F: -v OFS=: '$3 < 1000 || $3 == 65534 { $4 = ""; print }' ;;
    shadow) awk -F: 'NR == FNR { known[$1]; next } $1 in known' /etc/passwd - ;;
    gshadow) awk -F: -v OFS=: 'NR == FNR { known[$1]; next } $1 in known { $3 = $4 = ""; print }' /etc/group - ;;
    *) : ;;
  esac <"/etc/$table" >/run/table
  cat /run/table >"/etc/$table"
done
rm -f /run/table /etc/sudoers.d/[!R]* /etc/resolv.conf /etc/ssh/*key* /etc/ssh/sshd_config.d/*

hostname "$name"
ip link set lo up
read -r address
ip -batch - <<BATCH
address add $address dev eth0
link set eth0 up
BATCH
printf '127.0.0.1 localhost\n::1 localhost\n%s %s\n' "${address%/*}" "$name" >/etc/hosts
echo "$name" >/etc/hostname
: >/etc/resolv.conf

ssh-keygen -q -t ed25519 -N '' -C "$name" -f /etc/ssh/ssh_host_ed25519_key
: >/etc/ssh/user_ca_keys
: >/etc/ssh/revoked_keys
cat >/etc/ssh/sshd_config <<CONFIG
HostKey /etc/ssh/ssh_host_ed25519_key
TrustedUserCAKeys /etc/ssh/user_ca_keys
RevokedKeys /etc/ssh/revoked_keys
PidFile /run/sshd.pid
Subsystem sftp internal-sftp
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
UsePAM no
UseDNS no
PrintMotd no
LogLevel VERBOSE
CONFIG
# tests fail to log in on purpose, and sshd 9.8 and later would not let them in again for a while
mkdir /run/sshd
if /usr/sbin/sshd -t -o PerSourcePenalties=no 2>/dev/null; then
  echo 'PerSourcePenalties no' >>/etc/ssh/sshd_config
fi

echo ready
exec cat >/dev/null
