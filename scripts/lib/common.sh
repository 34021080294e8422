# shellcheck shell=bash
# Shared by the scripts: where things are, how to say things, one lock for the cache.

repo_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache_dir=${XDG_CACHE_HOME:-$HOME/.cache}/lobule
# ccache's own default would write elsewhere in the home folder.
export CCACHE_DIR=${CCACHE_DIR:-$cache_dir/ccache}

say() { printf '%s\n' "$*" >&2; }
die() {
  say "error: $*"
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# Prints the paragraph of comments at the top of the calling script.
print_usage() { sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; }

# A hash of files and words, short enough for a folder name.
short_hash() { sha256sum | cut -c1-16; }

# Two set-ups at once (two clones, CI beside a person) must not write the cache at the same time.
# The lock is released when the shell that took it ends.
lock_cache() {
  mkdir -p "$cache_dir"
  if have flock; then
    exec 9>"$cache_dir/lock"
    flock 9
    # Nobody else is at work here now, so these are what a run that was killed left behind.
    rm -rf "$cache_dir"/{downloads,src,node_modules,weights}/tmp.*
  fi
}
