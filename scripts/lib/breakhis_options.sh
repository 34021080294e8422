# shellcheck shell=bash
# The trainings that are compared on BreaKHis, by name: options of `lobule train` and `lobule crossval`.

breakhis_small="--network efficientnet_lite0 --input-size 224x147 --normalisation imagenet"
breakhis_large="--network efficientnet_lite0 --input-size 336x224 --normalisation imagenet"
breakhis_tuning="--detail 1.5 --keep-statistics --freeze 5 --epochs 10 --batch-size 64 --lr 3e-4 --weight-average 0.98 --zoom 1.6 --blur 1"
breakhis_gentle="$breakhis_small --linear-probe 1 $breakhis_tuning"
breakhis_varied="--stain 0.1 --colour 0.1"

# shellcheck disable=SC2034  # used where this is included
declare -A breakhis_options=(
  [frozen]="$breakhis_small --linear-probe 1 --epochs 0"
  [frozen_large]="$breakhis_large --linear-probe 1 --epochs 0"
  [fine_tuned]="$breakhis_small --epochs 8"
  [seed_cnn]="--network seed_cnn --epochs 20"
  [shipped]="$breakhis_gentle --tuned-share 0.5 --balance patient $breakhis_varied"
  [large]="$breakhis_large --linear-probe 0.1 $breakhis_tuning --tuned-share 0.5 --balance patient $breakhis_varied"
  [tuned_0]="$breakhis_gentle --tuned-share 0 --balance patient $breakhis_varied"
  [tuned_25]="$breakhis_gentle --tuned-share 0.25 --balance patient $breakhis_varied"
  [tuned_75]="$breakhis_gentle --tuned-share 0.75 --balance patient $breakhis_varied"
  [tuned_100]="$breakhis_gentle --tuned-share 1 --balance patient $breakhis_varied"
  [without_stain]="$breakhis_gentle --tuned-share 0.5 --balance patient"
  [strong_stain]="$breakhis_gentle --tuned-share 0.5 --balance patient --stain 0.2 --colour 0.3"
  [without_balance]="$breakhis_gentle --tuned-share 0.5 $breakhis_varied"
)
