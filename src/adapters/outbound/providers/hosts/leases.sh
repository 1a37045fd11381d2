# Leases and what was applied, as the account that logged in.

leases=$HOME/.multiplespawner/leases

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

# --- what configurers applied: an empty file each, so that nobody's is lost

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
    # not `:`, with which a shell ends where it can't write
    for _ in 1 2 3; do mkdir -p "$applied" && true >"$applied/$digest" && break; done 2>/dev/null || return 1
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

main() {
    case $op in
    lease) make_lease ;;
    leases) tell_leases ;;
    drop) drop_lease ;;
    applied) applied_here && tell_applied ;;
    keep) applied_here && keep_applied ;;
    forget) applied_here && forget_applied ;;
    *) false ;;
    esac && say done
}

main </dev/null
