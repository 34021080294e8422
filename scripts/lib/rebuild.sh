# shellcheck shell=bash
# Shared by the scripts that train the models that ship; comes after common.sh.

# Ends the script unless it has DATA and WORK; sets data, work and lobule, in the repository's folder.
start_rebuild() {
  case ${1:-} in
    -h | --help)
      print_usage
      exit 0
      ;;
  esac
  if [[ $# -ne 2 ]]; then
    print_usage >&2
    exit 2
  fi
  data=$(realpath "$1")
  mkdir -p "$2"
  work=$(realpath "$2")
  cd "$repo_root" || exit
  scripts/setup
  cmake --preset release --log-level=NOTICE >&2
  cmake --build --preset release --target lobule >&2
  lobule=$repo_root/build/release/bin/lobule
}

# Five folds by patient as scikit-learn draws them, a file for each SEED: draw_folds MANIFEST SEED... ; sets folds.
draw_folds() {
  local manifest=$1 seed
  shift
  folds=()
  for seed in "$@"; do
    folds+=("$work/folds$seed.csv")
    .venv/bin/python tests/tools/grouped_folds.py "$manifest" "$seed" "$work/folds$seed.csv"
  done
}
