#!/bin/sh
# Removes a test cluster and whatever it has left. Usage: clean.sh PROGRAM NAME DIR; the network namespace is called NAME, the data lie in DIR/data.
# The program is asked first; what follows finds only what it left, so that a broken program leaves nothing behind either.
program=$1 name=$2 dir=$3
export KUBECONFIG="$dir/kubeconfig" HOME="$dir"

[ ! -e "/run/netns/$name" ] || [ ! -e "$dir/data/config.json" ] ||
    timeout 60 nsenter --net="/run/netns/$name" "$program" cluster delete --name "$name" --data-dir "$dir/data" >/dev/null 2>&1

# Processes: those that hold the cluster's folder or run folder on their command line, and what hangs on its shims.
belonging() {
    for process in /proc/[0-9]*; do
        case $(tr '\0' ' ' 2>/dev/null <"$process/cmdline") in
        *clean.sh*) ;;
        *" $dir/"* | *"/run/k/$name/"*) echo "${process#/proc/}" ;;
        esac
    done
}
children() {
    for child in $(cat "/proc/$1/task"/*/children 2>/dev/null); do
        echo "$child"
        children "$child"
    done
}
for process in $(belonging); do
    [ "$process" = $$ ] || kill -9 $(children "$process") "$process" 2>/dev/null
done

# Mounts, the deepest first.
cut -d ' ' -f 2 /proc/self/mounts | grep -e "^$dir/" -e "^/run/k/$name/" | sort -r | while read -r point; do
    umount -l "$point" 2>/dev/null
done
find /sys/fs/cgroup -maxdepth 2 -type d -name "k-$name" 2>/dev/null | while read -r group; do
    find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null
done
ip netns del "$name" 2>/dev/null
rm -rf --one-file-system "$dir" "/run/k/$name"
exit 0
