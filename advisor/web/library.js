// The list follows the filters without a new page; without this script the button does it.
const form = document.querySelector("form.filters");
const policy = window.trustedTypes ? trustedTypes.createPolicy("cluster-advisor", { createHTML: (text) => text }) : { createHTML: (text) => text };
let asked = 0;
let later;
async function refresh() {
  const url = "/library?" + new URLSearchParams(new FormData(form));
  const mine = ++asked;
  const answer = await fetch(url);
  if (!answer.ok || mine !== asked) return;
  const page = new DOMParser().parseFromString(policy.createHTML(await answer.text()), "text/html");
  document.querySelector("#found").replaceChildren(...page.querySelector("#found").childNodes);
  history.replaceState(null, "", url);
}
if (form) {
  form.classList.add("live");
  form.addEventListener("submit", (event) => { event.preventDefault(); refresh(); });
  form.addEventListener("change", refresh);
  form.addEventListener("input", () => { clearTimeout(later); later = setTimeout(refresh, 200); });
}
const here = document.querySelector("#here");
if (here) here.focus();
