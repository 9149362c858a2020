// The receiver's page: a signature drawn with a finger, and a photo made small before it travels. Without it the typed name stands.
(() => {
  "use strict";
  const LONGEST_SIDE = 1600;

  const startPad = (box) => {
    if (box.dataset.isReady) return;
    box.dataset.isReady = "1";
    const canvas = box.querySelector("canvas");
    const field = document.getElementById(box.dataset.signPad);
    const pen = canvas.getContext("2d");
    let isDown = false;
    box.hidden = false;
    Object.assign(pen, { lineWidth: 6, lineCap: "round", lineJoin: "round", strokeStyle: "#101820" });
    const place = (event) => {
      const frame = canvas.getBoundingClientRect();
      return [((event.clientX - frame.left) * canvas.width) / frame.width, ((event.clientY - frame.top) * canvas.height) / frame.height];
    };
    const clear = () => { pen.clearRect(0, 0, canvas.width, canvas.height); field.value = ""; };
    if (field.value) { // a form that came back keeps what was drawn
      const drawn = new Image();
      drawn.addEventListener("load", () => pen.drawImage(drawn, 0, 0, canvas.width, canvas.height));
      drawn.src = field.value;
    }
    canvas.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      isDown = true;
      canvas.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo(...place(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!isDown) return;
      pen.lineTo(...place(event));
      pen.stroke();
    });
    const lift = () => { if (isDown) { isDown = false; field.value = canvas.toDataURL("image/png"); } };
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
    box.querySelector("[data-sign-clear]").addEventListener("click", clear);
  };

  const shrink = async (input) => {
    const file = input.files[0];
    if (!file || !file.type.startsWith("image/")) return;
    try {
      const image = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.8); });
      if (!blob || blob.size >= file.size) return;
      const small = new DataTransfer();
      small.items.add(new File([blob], "foto.jpg", { type: "image/jpeg" }));
      input.files = small.files;
    } catch { /* not a picture this browser can read: the server has the last word */ }
  };

  const start = () => { for (const box of document.querySelectorAll("[data-sign-pad]")) startPad(box); };
  document.addEventListener("change", (event) => { if (event.target.matches("[data-receiver] input[type=file]")) shrink(event.target); });
  document.addEventListener("page:replaced", start);
  start();
})();
