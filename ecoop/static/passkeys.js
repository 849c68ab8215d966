// Passkeys: the browser makes or uses one, and an ordinary form carries the answer.
"use strict";

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const complaint = form.querySelector(".complaint");
  const complain = (words) => {
    complaint.textContent = words;
    complaint.hidden = false;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    complaint.hidden = true;
    if (!form.reportValidity()) return;
    if (!globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) return complain(form.dataset.unknown);
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const answer = await fetch(form.dataset.options, { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok || answer.redirected) return complain(form.dataset.failed);
      const options = await answer.json();
      const credential =
        form.dataset.passkey === "make"
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch (error) {
      const words = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known" };
      complain(form.dataset[words[error.name] ?? "failed"]);
    } finally {
      button.disabled = false;
    }
  });
}
