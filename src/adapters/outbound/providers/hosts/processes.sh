# Processes of sessions and what they left in files, as root where that can be had.

mark=MULTIPLESPAWNER_RESOURCE
run=JUPYTERHUB_SSH_RUN

# seconds that no clock which is set forward or back makes more or less
now() {
    read -r up _ </proc/uptime
    printf '%s\n' "${up%%.*}"
}

pause() { sleep 0.2 2>/dev/null || sleep 1; }

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

# Of accounts that the machine itself has: to look into all homes of a directory would mount each
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

# A line if those of other accounts are neither seen nor ended
tell_sight() { [ "$(id -u)" -eq 0 ] || say own; }

main() {
    case $op in
    marked) tell_sight && find_ourselves && tell_marked ;;
    end) find_ourselves && end_carriers && remove_noted && remove_from_homes ;;
    *) false ;;
    esac && say done
}

main </dev/null
