// Comforts only: the request page works the same without this file.

const form = document.getElementById("asking");

function words(text) {
  return text.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

// How many words a text has, while it is typed.
for (const box of document.querySelectorAll("textarea[data-most]")) {
  const most = Number(box.dataset.most);
  const line = document.createElement("p");
  line.className = "count";
  box.after(line);
  const count = () => {
    const found = words(box.value);
    line.textContent = box.dataset.said.replace("#n", found);
    line.classList.toggle("over", found > most);
  };
  box.addEventListener("input", count);
  count();
}
document.body.classList.add("script");

// What is typed is kept, a moment after the last key.
function later(act, pause) {
  let waiting;
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(act, pause);
  };
}

if (form) {
  const send = (where) => fetch(`${form.getAttribute("action")}/${where}`, { method: "POST", body: new FormData(form) });
  const kept = document.getElementById("kept");
  const keep = later(async () => {
    const answer = await send("draft").catch(() => null);
    kept.textContent = answer?.status === 204 ? kept.dataset.said : "";
  }, 1200);
  form.addEventListener("input", () => {
    kept.textContent = "";
    keep();
  });

  // The list narrows as a name is typed; Enter looks, and does not send.
  const lookedFor = document.getElementById("looked_for");
  const people = document.getElementById("people");
  const narrow = later(async () => {
    const answer = await send("people").catch(() => null);
    if (answer?.ok && !answer.redirected) people.innerHTML = await answer.text();
  }, 250);
  lookedFor.addEventListener("input", narrow);
  lookedFor.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      narrow();
    }
  });
}
