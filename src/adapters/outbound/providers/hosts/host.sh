# Runs on a host, read from its standard input by sh; needs nothing but POSIX and Linux's /proc.
# What is asked for was set before: op, token (hexadecimal digits and one -), member, seconds, digest (64
# hexadecimal digits).
# Answers are lines that begin with "multiplespawner "; without the last one, "done", it didn't work.

set -u
umask 077
LC_ALL=C
PATH=${PATH:-}:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
unset CDPATH

mark=MULTIPLESPAWNER_RESOURCE
run=JUPYTERHUB_SSH_RUN
leases=$HOME/.multiplespawner/leases

say() { printf 'multiplespawner %s\n' "$*"; }
now() { date +%s; }
pause() { sleep 0.2 2>/dev/null || sleep 1; }

# --- leases, as the account that logged in

make_lease() {
    # another lease that ends may just have removed the empty folder above
    for _ in 1 2 3; do mkdir -p "$leases/$token" && break; done || return 1
    # homes may be shared: the lease says which machine it is of, and never half of that
    printf '%s\n' "$member" >"$leases/$token/.member$$" || return 1
    mv "$leases/$token/.member$$" "$leases/$token/member" || return 1
    say "lease $token"
}

tell_leases() {
    for lease in "$leases"/*; do
        [ -d "$lease" ] || continue
        case ${lease##*/} in *[!0-9a-f-]*) continue ;; esac
        of=
        if [ -f "$lease/member" ]; then read -r of <"$lease/member"; fi
        case $of in "$member" | "") say "lease ${lease##*/}" ;; esac
    done
}

drop_lease() {
    rm -rf "$leases/$token" || return 1
    rmdir "$leases" "${leases%/*}" 2>/dev/null
    return 0
}

# --- what configurers applied, as the account that logged in: an empty file each, so that nobody's is lost

# homes may be shared, and members may be called differently by another hub: the machine is asked for its name
applied_here() {
    name=$({ cat /etc/machine-id; uname -n; } 2>/dev/null | tr -cd 'A-Za-z0-9.-')
    applied=$HOME/.multiplespawner/applied/machine-$name
}

tell_applied() {
    for file in "$applied"/*; do
        case ${file##*/} in *[!0-9a-f]*) ;; *) say "applied ${file##*/}" ;; esac
    done
}

keep_applied() {
    forget_unlike || return 1
    for _ in 1 2 3; do mkdir -p "$applied" && : >"$applied/$digest" && break; done 2>/dev/null || return 1
    ls -t "$applied" | tail -n +1001 | while read -r old; do rm -f "$applied/$old"; done
}

forget_applied() {
    forget_unlike && rm -f "$applied/$digest" || return 1
    rmdir "$applied" "${applied%/*}" "$HOME/.multiplespawner" 2>/dev/null
    return 0
}

# What begins otherwise is another recipe's, which may be undone by this one
forget_unlike() {
    alike=$(printf %.32s "$digest")
    for file in "$applied"/*; do
        case ${file##*/} in "$alike"*) ;; *) rm -f "$file" || return 1 ;; esac
    done
}

# --- processes, as root where that can be had

# value_of PID NAME: of a variable that it was started with; a newline in it becomes another character
value_of() {
    { tr '\0\n' '\n\1' <"/proc/$1/environ" | sed -n "s/^$2=//p" | head -n 1; } 2>/dev/null
}

# status_of PID KEY: first value of a line of /proc/PID/status
status_of() {
    { while read -r key value _; do
        if [ "$key" = "$2:" ]; then printf '%s\n' "$value"; break; fi
    done <"/proc/$1/status"; } 2>/dev/null
}

# This shell and its parents: an sshd that was started from a notebook has the notebook's mark
find_ourselves() {
    ourselves=" " pid=$$
    while [ "${pid:-0}" -gt 1 ]; do
        ourselves="$ourselves$pid "
        pid=$(status_of "$pid" PPid)
    done
}

# Those whose environment has the mark somewhere: one look, since two programs for each process take seconds
suspects() {
    if printf 'a\0b\n' | grep -q b; then
        grep -slF "$mark=" /proc/[0-9]*/environ
    else
        ls -d /proc/[0-9]*/environ
    fi 2>/dev/null | while IFS=/ read -r _ _ pid _; do
        case $ourselves in *" $pid "*) ;; *) printf '%s\n' "$pid" ;; esac
    done
}

tell_marked() {
    for pid in $(suspects); do
        of=$(value_of "$pid" "$mark")
        case $of in "" | *[!0-9a-f-]*) ;; *) say "process $of $pid" ;; esac
    done
}

carriers() {
    for pid in $(suspects); do
        if [ "$(value_of "$pid" "$mark")" = "$token" ]; then printf '%s\n' "$pid"; fi
    done
}

end_carriers() {
    folders="" told=" " calm=0
    kill_from=$(($(now) + seconds))
    while [ "$calm" -lt 2 ]; do # one look may meet a process between two programs, when it has no environment
        left=$(carriers)
        if [ -z "$left" ]; then
            calm=$((calm + 1))
        else
            calm=0
            for pid in $left; do note_folder "$pid"; done
            if [ "$(now)" -lt "$kill_from" ]; then
                for pid in $left; do ask_to_end "$pid"; done
            elif [ "$(now)" -lt $((kill_from + 10)) ]; then
                # stopped first, so that none makes another while its turn is to come
                for signal in STOP KILL; do for pid in $left; do kill -s "$signal" "$pid"; done; done
            else
                echo "killed and not ended yet: process" $left
                return 1
            fi 2>/dev/null
        fi
        [ "$calm" -ge 2 ] || pause
    done
}

ask_to_end() {
    case $told in *" $1 "*) return ;; esac
    told="$told$1 "
    kill -s TERM "$1"
}

# --- what a notebook left in files

note_folder() {
    folder=$(value_of "$1" "$run")
    case $folder in */../* | */./* | *//* | *[!A-Za-z0-9._/@+-]*) return ;; /*"/$token") ;; *) return ;; esac
    noted=$(status_of "$1" Uid):$folder
    case " $folders " in *" $noted "*) ;; *) folders="$folders $noted" ;; esac
}

remove_noted() {
    for noted in $folders; do remove_folder "${noted%%:*}" "${noted#*:}" || return 1; done
}

remove_from_homes() {
    me=$(id -u)
    while IFS=: read -r _ _ uid _ _ home _; do
        if [ "$me" -eq 0 ] || [ "$me" = "$uid" ]; then
            remove_folder "$uid" "$home/.jupyterhub-resources/$token" || return 1
        fi
    done </etc/passwd
}

# remove_folder UID PATH: only if it is a folder of that user, and what was looked at is what is removed:
# its user may put a link in its place at any moment
remove_folder() {
    if [ -L "$2" ] || [ ! -d "$2" ]; then return 0; fi
    (
        cd -P "$2" 2>/dev/null || exit 0
        case $(pwd -P) in *"/$token") ;; *) exit 0 ;; esac
        set -- "$1" $(ls -ldn .)
        [ "$4" = "$1" ] || exit 0
        find . ! -name . -prune -exec rm -rf {} +
    ) || return 1
    rmdir "$2" 2>/dev/null || [ ! -d "$2" ] || [ -n "$(not_of "$1" "$2")" ]
}

# not_of UID PATH: says something if it is not that user's
not_of() {
    set -- "$1" $(ls -ldn "$2")
    [ "$4" = "$1" ] || echo another
}

main() {
    case $op in
    lease) make_lease ;;
    leases) tell_leases ;;
    drop) drop_lease ;;
    applied) applied_here && tell_applied ;;
    keep) applied_here && keep_applied ;;
    forget) applied_here && forget_applied ;;
    marked) find_ourselves && tell_marked ;;
    end) find_ourselves && end_carriers && remove_noted && remove_from_homes ;;
    *) false ;;
    esac && say done
}

main </dev/null
