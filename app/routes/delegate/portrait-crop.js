/**
 * Lets whoever has JavaScript choose the square of a picture that becomes the portrait: by dragging in the picture, or
 * with three sliders. The picture goes up whole, with three numbers beside it; without them the server takes the middle.
 * Plain script: a delegate's page has no other.
 */
const WIDEST = 480;

for (const box of document.querySelectorAll("[data-crop]")) if (box instanceof HTMLElement) offer(box);

/** @param {HTMLElement} box */
function offer(box) {
  const input = document.getElementById(box.dataset.crop ?? "");
  const canvas = box.querySelector("canvas");
  const pen = canvas?.getContext("2d") ?? null;
  const [across, down, size] = box.querySelectorAll("input");
  const answer = box.querySelector("input[type=hidden]");
  if (!(input instanceof HTMLInputElement) || canvas === null || pen === null) return;
  if (!(answer instanceof HTMLInputElement) || !across || !down || !size) return;
  /** @type {ImageBitmap | null} */
  let picture = null;
  /** @type {{ x: number, y: number, across: number, down: number } | null} */
  let held = null;

  /** The square's sides in parts of the picture's own, and the room that is left to move it.
   * @param {ImageBitmap} of */
  const partOf = (of) => {
    const short = Math.min(of.width, of.height) * Number(size.value);
    return { x: short / of.width, y: short / of.height };
  };

  const draw = () => {
    if (picture === null) return;
    const { width, height } = canvas;
    const part = partOf(picture);
    const x = Number(across.value) * (1 - part.x);
    const y = Number(down.value) * (1 - part.y);
    answer.value = [x, y, Number(size.value)].map((number) => number.toFixed(4)).join(" ");
    answer.disabled = false;
    pen.globalAlpha = 0.35;
    pen.clearRect(0, 0, width, height);
    pen.drawImage(picture, 0, 0, width, height);
    pen.globalAlpha = 1;
    pen.save();
    pen.beginPath();
    pen.rect(x * width, y * height, part.x * width, part.y * height);
    pen.clip();
    pen.drawImage(picture, 0, 0, width, height);
    pen.restore();
    pen.strokeRect(x * width, y * height, part.x * width, part.y * height);
  };

  input.addEventListener("change", async () => {
    box.hidden = true;
    answer.disabled = true;
    const file = input.files?.[0];
    if (file === undefined || !file.type.startsWith("image/")) return;
    picture = await createImageBitmap(file).catch(() => null);
    if (picture === null) return;
    canvas.width = Math.min(WIDEST, picture.width);
    canvas.height = Math.round((canvas.width * picture.height) / picture.width);
    across.value = "0.5";
    down.value = "0.25";
    size.value = "1";
    box.hidden = false;
    draw();
  });
  for (const slider of [across, down, size]) slider.addEventListener("input", draw);

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    held = { x: event.clientX, y: event.clientY, across: Number(across.value), down: Number(down.value) };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (held === null || picture === null) return;
    const area = canvas.getBoundingClientRect();
    const part = partOf(picture);
    /** @type {(from: number, by: number, room: number) => string} */
    const to = (from, by, room) => String(room <= 0 ? from : Math.min(1, Math.max(0, from + by / room)));
    across.value = to(held.across, (event.clientX - held.x) / area.width, 1 - part.x);
    down.value = to(held.down, (event.clientY - held.y) / area.height, 1 - part.y);
    draw();
  });
  canvas.addEventListener("pointerup", () => {
    held = null;
  });
}

export {};
