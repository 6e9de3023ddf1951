// Parts of a page that change while somebody looks at them: fetched again every few seconds, replaced where they differ.
// Without this script the page is complete; it only has to be loaded again by hand.
"use strict";

const EVERY = 3000;

async function lookAgain() {
  if (document.hidden) return;
  for (const part of document.querySelectorAll("[data-live]")) {
    try {
      const answer = await fetch(part.dataset.live, { headers: { accept: "text/html" } });
      if (!answer.ok || answer.redirected) continue;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      replace(part, page.getElementById(part.id));
    } catch {
      // The house is away for a moment: the next look may find it.
    }
  }
}

function replace(part, fresh) {
  // Whoever is in the middle of it with the keyboard is not disturbed.
  if (!fresh || part.innerHTML === fresh.innerHTML || part.contains(document.activeElement)) return;
  part.replaceChildren(...fresh.childNodes);
}

setInterval(lookAgain, EVERY);
