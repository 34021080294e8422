# shellcheck shell=bash
# The page's packages from web/package-lock.json, in the cache folder; web/node_modules is a link to them. Needs common.sh.

install_node_modules() {
  local key target work link=$repo_root/web/node_modules
  node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' || die "node $(node --version) is too old: 18 or newer is needed"
  if [ -e "$link" ] && [ ! -L "$link" ]; then
    say "web/node_modules is a folder, not a link to the cache: left as it is (remove it to have it set up)"
    return
  fi
  key=$(cat "$repo_root/web/package.json" "$repo_root/web/package-lock.json" | short_hash)
  target=$cache_dir/node_modules/$key
  if [ ! -d "$target" ]; then
    say "installing the page's packages into $target"
    mkdir -p "$cache_dir/node_modules"
    work=$(mktemp -d "$cache_dir/node_modules/tmp.XXXXXX")
    cp "$repo_root/web/package.json" "$repo_root/web/package-lock.json" "$work"
    # No install scripts: none of these packages needs one. No npm cache: this folder is the cache.
    (cd "$work" && npm ci --cache "$work/cache" --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
    rm -rf "$work/cache"
    chmod 755 "$work"
    mv "$work" "$target"
  fi
  ln -sfn "$target/node_modules" "$link"
}
