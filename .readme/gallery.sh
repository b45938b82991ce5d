#!/usr/bin/env bash
# Draws the README's gallery again: one small PNG of each kind of chart. Run it from the repository:
#   bash .readme/gallery.sh
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --locked --quiet
breakeven=$PWD/target/release/breakeven
gallery=$PWD/.readme/gallery
actuals=$PWD/scenarios/first-months.csv
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
draw() { "$breakeven" "$@" --quiet --width 800; }
draw run baseline
draw sweep baseline music-like ai-app-like sceptics --vary price.monthly=5:20:1
draw sweep baseline --vary price.monthly=5:20:2.5 --vary market.refusal_rate=0.3:0.7:0.1
draw solve music-like --for price.monthly --until payback=0.05 --between 1:40 --each-path
draw compare baseline music-like as-launched
draw drivers baseline
draw discover music-like --of target_reached
draw voi baseline --set costs.investment=180e6 --or-nothing --study market.refusal_rate:n=1000 --study-cost 20000,40
draw condition baseline --actuals "$actuals" --error 5% --holdout 2
draw score output/baseline/condition-first-months --actuals "$actuals" --error 5%
rm -f "$gallery"/*.png
for png in output/baseline/charts/*.png; do cp "$png" "$gallery/run-$(basename "$png")"; done
cp output/baseline/sweep-price.monthly/charts/npv.png "$gallery/sweep-npv.png"
cp output/baseline/sweep-price.monthly/charts/probability.png "$gallery/sweep-probability.png"
cp output/baseline/sweep-price.monthly-market.refusal_rate/charts/npv.png "$gallery/sweep-map.png"
cp output/sweep-price.monthly-*/charts/npv.png "$gallery/sweep-side-by-side.png"
cp output/music-like/solve-price.monthly/charts/curve.png "$gallery/solve-curve.png"
cp output/music-like/solve-price.monthly/charts/break-even.png "$gallery/solve-break-even.png"
cp output/compare-*/charts/scenarios.png "$gallery/compare-scenarios.png"
cp output/compare-*/charts/paying-subscribers.png "$gallery/compare-paying-subscribers.png"
cp output/compare-*/charts/why-npv-music-like.png "$gallery/compare-why.png"
for chart in swing variance curves needed; do cp output/baseline/drivers-npv/charts/$chart.png "$gallery/drivers-$chart.png"; done
cp output/baseline/drivers-payback/charts/common.png "$gallery/drivers-common.png"
for chart in value study choice; do cp output/baseline@*/voi-or-nothing/charts/$chart.png "$gallery/voi-$chart.png"; done
for chart in actual-paying learned; do cp output/baseline/condition-first-months/charts/$chart.png "$gallery/condition-$chart.png"; done
cp output/baseline/score-first-months/charts/score-paying.png "$gallery/score-paying.png"
for chart in box trajectory; do cp output/music-like/discover-target_reached/charts/$chart.png "$gallery/discover-$chart.png"; done
