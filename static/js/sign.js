// A field to sign in, by finger, pen or mouse. Without it the page asks for a picture of the signature.
document.querySelectorAll("[data-signs]").forEach((pad) => {
  const field = document.getElementById(pad.dataset.signs);
  const canvas = pad.querySelector("canvas");
  pad.hidden = false;
  const scale = 2;
  canvas.width = canvas.clientWidth * scale;
  canvas.height = canvas.clientHeight * scale;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.lineWidth = 3.5;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#111";
  let last = null;

  const spot = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };
  const draw = (event) => {
    if (!last) { return; }
    const here = spot(event);
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(...here);
    pen.stroke();
    last = here;
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    last = spot(event);
    draw(event); // a dot
  });
  canvas.addEventListener("pointermove", draw);
  ["pointerup", "pointercancel"].forEach((name) => canvas.addEventListener(name, () => {
    if (last) { field.value = canvas.toDataURL("image/png"); }
    last = null;
  }));
  pad.querySelector("[data-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    field.value = "";
  });
});
