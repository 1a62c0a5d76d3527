// Sorts, filters and enlarges units. Without scripts the page shows all units by falling score.
"use strict";
for (const section of document.querySelectorAll(".layer")) {
  const form = section.querySelector("form.tools");
  if (form) {
    setUp(section, form);
  }
}

function setUp(section, form) {
  const grid = section.querySelector(".units");
  const units = Array.from(grid.children, (card) => ({
    card,
    unit: Number(card.dataset.unit),
    score: Number(card.dataset.score),
    label: card.dataset.label,
    category: card.dataset.category,
    detector: card.dataset.detector === "1",
    text: (card.dataset.label + " " + card.dataset.category).toLowerCase(),
  }));
  const field = form.elements;
  const byScore = (a, b) => b.score - a.score || a.unit - b.unit;
  // units without a label come last
  const byText = (name) => (a, b) =>
    !a[name] - !b[name] || a[name].localeCompare(b[name], "en") || byScore(a, b);
  const orders = {
    score: byScore,
    unit: (a, b) => a.unit - b.unit,
    label: byText("label"),
    category: byText("category"),
  };

  function show() {
    const words = field.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const category = field.category ? field.category.value : "";
    let shown = 0;
    for (const unit of units) {
      const fits =
        (!(field.detectors && field.detectors.checked) || unit.detector) &&
        (!category || (category === "/" ? !unit.category : unit.category === category)) &&
        words.every((word) => unit.text.includes(word) || String(unit.unit) === word);
      unit.card.hidden = !fits;
      shown += fits;
    }
    form.querySelector("output").textContent = shown + " of " + units.length + " " + (form.dataset.noun || "units");
    section.querySelector(".none").hidden = shown > 0;
  }

  function sort() {
    units.sort(orders[field.sort.value]);
    grid.append(...units.map((unit) => unit.card));
  }

  function mask() {
    document.documentElement.classList.toggle("dim", Boolean(field.mask) && field.mask.value === "dim");
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  field.search.addEventListener("input", show);
  form.addEventListener("change", (event) => {
    if (event.target.name === "sort") {
      sort();
    } else if (event.target.name === "mask") {
      mask();
    } else {
      show();
    }
  });
  grid.addEventListener("click", (event) => {
    const tile = event.target.closest(".tiles button");
    if (tile) {
      enlarge(section, tile);
    }
  });
  // browsers restore the choices when a reader comes back to the page
  sort();
  mask();
  show();
  window.addEventListener("beforeprint", () => {
    for (const image of grid.querySelectorAll(".unit:not([hidden]) img")) {
      image.loading = "eager";
    }
  });
}

function enlarge(section, first) {
  const dialog = document.querySelector(".zoom");
  const part = (name) => dialog.querySelector(name);
  let tile = first;

  function draw() {
    const card = tile.closest(".unit");
    const image = tile.querySelector("img");
    const overlay = tile.querySelector("svg");
    const label = card.dataset.label;
    const row = tile.parentNode.dataset.row;
    const place = Array.from(tile.parentNode.children).indexOf(tile) + 1;
    part("h2").textContent =
      "Unit " + card.dataset.unit + (label ? ": " + label : "") + (row ? ", " + row : "") +
      ", image " + place + " of " + tile.parentNode.children.length;
    part(".view img").src = image.src;
    part(".view img").alt = image.alt;
    part(".view img").width = image.width || 224;
    part(".view svg").setAttribute("viewBox", overlay.getAttribute("viewBox"));
    part("path.mask").setAttribute("d", overlay.firstElementChild.getAttribute("d"));
    part("path.mask").style.display = part(".show-mask").checked ? "" : "none";
    part(".text").textContent =
      image.alt + "; the mask covers " + tile.dataset.covered + " of the image" +
      (tile.dataset.overlap ? ", IoU with the concept on this image " + tile.dataset.overlap : "") + ".";
    part(".previous").disabled = !near(-1);
    part(".next").disabled = !near(1);
    dialog.classList.toggle("of-made", isMade());
    if (isMade()) {
      part("h2").textContent = tile.dataset.title;
      part(".text").textContent = tile.dataset.text;
    }
    drawConcept(card);
  }

  // an image made by optimisation has neither mask nor concept
  function isMade() {
    return tile.classList.contains("made");
  }

  /** The image some places on; on a contact sheet it may be of another unit. */
  function near(steps) {
    const all = section.dataset.across === undefined
      ? tile.parentNode.querySelectorAll("button")
      : section.querySelectorAll(".unit:not([hidden]) .tiles button");
    return all[Array.from(all).indexOf(tile) + steps];
  }

  function drawConcept(card) {
    const wanted = part(".show-concept").checked && !isMade();
    part("path.concept").setAttribute("d", "");
    part(".missing").hidden = true;
    part(".show-concept").disabled = card.dataset.number === "0";
    if (!wanted) {
      return;
    }
    const shown = tile;
    loadConcepts(section, (concepts) => {
      if (tile !== shown || !part(".show-concept").checked) {
        return;
      }
      const path = concepts && concepts[tile.dataset.image + "-" + card.dataset.number];
      part("path.concept").setAttribute("d", path || "");
      part(".missing").hidden = Boolean(path);
      part(".missing").textContent = !concepts
        ? "The file with the concepts' masks is not beside this page."
        : path === "" ? "The concept is not on this image." : "There is no mask of this concept on this image.";
    });
  }

  function go(next) {
    if (next) {
      tile = next;
      draw();
    }
  }

  part(".previous").onclick = () => go(near(-1));
  part(".next").onclick = () => go(near(1));
  part(".show-mask").onchange = draw;
  part(".show-concept").onchange = draw;
  // focuses the image shown last: the browser would focus the one opened first
  function close() {
    dialog.close();
    tile.focus();
  }

  dialog.onkeydown = (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowLeft") {
      go(near(-1));
    } else if (event.key === "ArrowRight") {
      go(near(1));
    }
  };
  dialog.onclick = (event) => {
    if (event.target === dialog || event.target.closest(".close")) {
      event.preventDefault();
      close();
    }
  };
  // closed by other means, such as a phone's gesture
  dialog.onclose = () => tile.focus();
  draw();
  dialog.showModal();
}

/** Loads the outlines of concepts, a script beside the page, on first use. */
function loadConcepts(section, done) {
  if (section.concepts !== undefined) {
    done(section.concepts);
    return;
  }
  const script = document.createElement("script");
  const end = (concepts) => {
    section.concepts = concepts;
    done(concepts);
  };
  script.onload = () => end(window.netdissectConcepts);
  script.onerror = () => end(null);
  script.src = section.dataset.concepts;
  document.head.append(script);
}
