// Values under the pointer, and with the arrow keys under the focus: the names of a chart's columns, and the cells of a place on it.
function values(svg, tip, names, cells) {
  var spots = Array.from(svg.querySelectorAll(".spot")), at;
  function hide() {
    tip.hidden = true;
    spots.forEach(function (spot) { spot.classList.remove("here"); });
  }
  function show(i) {
    hide();
    if (!spots[i]) return;
    spots[i].classList.add("here");
    at = i;
    tip.textContent = "";
    cells(i).forEach(function (cell, k) {
      var line = document.createElement("div"), value = document.createElement("b");
      line.textContent = names[k] + " ";
      value.textContent = cell;
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
  svg.addEventListener("pointermove", function (event) {
    var i = spots.indexOf(event.target);
    if (i >= 0) show(i); else hide();
  });
  svg.addEventListener("pointerleave", hide);
  svg.addEventListener("blur", hide);
  svg.addEventListener("keydown", function (event) {
    var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") hide();
    if (!step) return;
    event.preventDefault();
    var from = at === undefined ? (step > 0 ? -1 : spots.length) : at;
    show(Math.max(0, Math.min(spots.length - 1, from + step)));
  });
}
