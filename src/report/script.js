// Each chart has its values from the table that stands behind it.
document.querySelectorAll("figure").forEach(function (figure) {
  var tip = figure.querySelector(".tip");
  var names = Array.from(figure.querySelectorAll("thead th"), function (cell) { return cell.textContent; });
  var rows = figure.querySelectorAll("tbody tr");
  if (!tip || !rows.length) return;
  figure.querySelectorAll(".plot svg").forEach(function (svg) {
    values(svg, tip, names, function (i) { return Array.from(rows[i].children, function (cell) { return cell.textContent; }); });
  });
});
