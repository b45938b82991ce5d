// Values under the pointer, and with the arrow keys under the focus: read from the table that stands behind each chart.
document.querySelectorAll("figure").forEach(function (figure) {
  var tip = figure.querySelector(".tip");
  var names = Array.from(figure.querySelectorAll("thead th"), function (cell) { return cell.textContent; });
  var rows = figure.querySelectorAll("tbody tr");
  if (!tip || !rows.length) return;
  function hide(svg) {
    tip.hidden = true;
    svg.querySelectorAll(".here").forEach(function (spot) { spot.classList.remove("here"); });
  }
  function show(svg, i) {
    var spots = svg.querySelectorAll(".spot");
    if (!spots[i]) return;
    hide(svg);
    spots[i].classList.add("here");
    svg.dataset.at = i;
    tip.textContent = "";
    Array.from(rows[i].children).forEach(function (cell, k) {
      var line = document.createElement("div"), value = document.createElement("b");
      line.textContent = names[k] + " ";
      value.textContent = cell.textContent;
      line.appendChild(value);
      tip.appendChild(line);
    });
    tip.hidden = false;
    var box = svg.parentNode.getBoundingClientRect(), spot = spots[i].getBoundingClientRect();
    var middle = spot.left + spot.width / 2 - box.left;
    var left = middle + 14 + tip.offsetWidth > box.width ? middle - 14 - tip.offsetWidth : middle + 14;
    tip.style.left = Math.max(0, left) + "px";
    tip.style.top = Math.max(0, Math.min(spot.top - box.top + 12, box.height - tip.offsetHeight)) + "px";
  }
  figure.querySelectorAll(".plot svg").forEach(function (svg) {
    var spots = Array.from(svg.querySelectorAll(".spot"));
    svg.addEventListener("pointermove", function (event) {
      var i = spots.indexOf(event.target);
      if (i >= 0) show(svg, i); else hide(svg);
    });
    svg.addEventListener("pointerleave", function () { hide(svg); });
    svg.addEventListener("blur", function () { hide(svg); });
    svg.addEventListener("keydown", function (event) {
      var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") hide(svg);
      if (!step) return;
      event.preventDefault();
      var at = svg.dataset.at === undefined ? (step > 0 ? -1 : spots.length) : Number(svg.dataset.at);
      show(svg, Math.max(0, Math.min(spots.length - 1, at + step)));
    });
  });
});
