// Comforts only: every page works the same without this file.

// "in 24 seconds" goes on counting.
const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const say = new Intl.RelativeTimeFormat(document.documentElement.lang);

function distance(seconds) {
  const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? units[3];
  return say.format(Math.round(seconds / size), unit);
}

function tick() {
  for (const far of document.querySelectorAll(".far[data-until]")) {
    far.textContent = `(${distance((Date.parse(far.dataset.until) - Date.now()) / 1000)})`;
  }
  for (const part of document.querySelectorAll("[data-ends]")) {
    part.hidden = Date.parse(part.dataset.ends) <= Date.now();
  }
  for (const part of document.querySelectorAll("[data-begins]")) {
    part.hidden = Date.parse(part.dataset.begins) > Date.now();
  }
}

if (document.querySelector(".far[data-until], [data-ends]")) {
  tick();
  setInterval(tick, 1000);
}

// An opening is copied into its box here; without this file the server does it.
for (const button of document.querySelectorAll("button[data-into]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const box = document.getElementById(button.dataset.into);
    // What somebody has typed stays: the words come after it.
    const [typed, words] = [box.value.trim(), button.textContent.trim()];
    if (!typed.includes(words)) box.value = (typed ? typed + " " : "") + words + " ";
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  });
}
