// Photos: made small in the browser and sent one by one in the background, each with its own UUID.
// <div data-photo-upload="/url/" data-photo-field="photo"><input type="file" accept="image/*" multiple><ul class="photos"></ul></div>
// The address takes POST photo + key and answers 200/201 JSON {"key": the same UUID, "id": …}; anything else keeps the photo in the queue.
(() => {
  "use strict";
  const LONGEST_SIDE = 1600;
  const PAUSES = [2000, 5000, 15000, 30000, 60000];
  const words = () => document.getElementById("kata").dataset;
  const csrf = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

  // crypto.randomUUID exists on https and localhost only; on an office network over http the random bytes are there all the same
  const uuid = () => (crypto.randomUUID ? crypto.randomUUID() : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (Number(digit) ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (Number(digit) / 4)))).toString(16)));

  const smaller = async (file) => {
    try {
      const image = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.82); });
      return blob && (scale < 1 || blob.size < file.size) ? blob : file;
    } catch {
      return file; // not a picture this browser can read: the server has the last word
    }
  };

  const card = (list, blob, name) => {
    const item = document.createElement("li");
    const image = document.createElement("img");
    image.src = URL.createObjectURL(blob);
    image.alt = name;
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", name);
    const state = document.createElement("span");
    state.setAttribute("role", "status");
    state.textContent = words().photoQueued;
    item.append(image, bar, state);
    list.append(item);
    return { item, bar, state };
  };

  const post = (url, fields, onProgress) => new Promise((done) => {
    const request = new XMLHttpRequest(); // fetch cannot say how much has been sent
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrf());
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) onProgress((100 * event.loaded) / event.total); });
    request.addEventListener("loadend", () => {
      let answer = null;
      try { answer = JSON.parse(request.responseText); } catch { /* not JSON: not our server */ }
      done({ status: request.status, answer });
    });
    request.send(fields);
  });

  class Queue {
    constructor(box) {
      this.box = box;
      this.list = box.querySelector(".photos");
      this.waiting = [];
      this.isBusy = false;
      this.tries = 0;
    }

    async add(file) {
      const blob = await smaller(file);
      this.waiting.push({ blob, name: file.name, key: uuid(), ...card(this.list, blob, file.name) });
      this.run();
    }

    async run() {
      if (this.isBusy || !this.waiting.length) return;
      this.isBusy = true;
      clearTimeout(this.timer);
      const photo = this.waiting[0];
      photo.state.textContent = words().photoSending;
      const fields = new FormData();
      fields.append("key", photo.key);
      fields.append(this.box.dataset.photoField || "photo", photo.blob, photo.name.replace(/\.\w+$/, "") + ".jpg");
      const { status, answer } = await post(this.box.dataset.photoUpload, fields, (share) => { photo.bar.value = share; });
      this.isBusy = false;
      this.settle(photo, status, answer);
    }

    settle(photo, status, answer) {
      const hasArrived = (status === 200 || status === 201) && answer && answer.key === photo.key;
      if (hasArrived) {
        this.leave(photo, words().photoSent);
        this.box.dispatchEvent(new CustomEvent("photo:sent", { bubbles: true, detail: answer }));
      } else if ((status === 400 || status === 422) && answer && answer.error) {
        this.leave(photo, `${words().photoRefused}: ${answer.error}`);
      } else {
        photo.state.textContent = words().photoFailed;
        this.timer = setTimeout(() => this.run(), PAUSES[Math.min(this.tries, PAUSES.length - 1)]);
        this.tries += 1;
      }
    }

    leave(photo, text) {
      photo.bar.remove();
      photo.state.textContent = text;
      this.waiting.shift();
      this.tries = 0;
      this.run();
    }
  }

  const queues = new Map();
  const queueOf = (box) => {
    if (!queues.has(box)) queues.set(box, new Queue(box));
    return queues.get(box);
  };
  document.addEventListener("change", (event) => {
    const box = event.target.closest("[data-photo-upload]");
    if (!box || event.target.type !== "file") return;
    for (const file of event.target.files) queueOf(box).add(file);
    event.target.value = ""; // the form itself does not send it a second time
  });
  const dropOf = (event) => event.target.closest && event.target.closest("[data-photo-upload] .drop, [data-photo-upload].drop");
  document.addEventListener("dragover", (event) => { const drop = dropOf(event); if (drop) { event.preventDefault(); drop.classList.add("is-over"); } });
  document.addEventListener("dragleave", (event) => { const drop = dropOf(event); if (drop) drop.classList.remove("is-over"); });
  document.addEventListener("drop", (event) => {
    const drop = dropOf(event);
    if (!drop) return;
    event.preventDefault();
    drop.classList.remove("is-over");
    for (const file of event.dataTransfer.files) queueOf(drop.closest("[data-photo-upload]")).add(file);
  });
  window.addEventListener("online", () => { for (const queue of queues.values()) queue.run(); });
  window.addEventListener("beforeunload", (event) => { if ([...queues.values()].some((queue) => queue.waiting.length)) event.preventDefault(); });
})();
