// Photos are made smaller before they leave the phone, shown, and may be taken back one by one. What this browser cannot read
// goes as it is: the server takes it.
const LONGEST = 1600;
const LONG_PICTURE = 2.5; // a screenshot of a chat would be unreadable at that size

async function smaller(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file;
  }
  const { width, height } = picture;
  const long = Math.max(width, height);
  if (long <= LONGEST || long / Math.min(width, height) > LONG_PICTURE) return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round((width * LONGEST) / long);
  canvas.height = Math.round((height * LONGEST) / long);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const content = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.85); });
  if (!content || content.size >= file.size) return file;
  return new File([content], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
}

function put(input, files) {
  const transfer = new DataTransfer();
  files.forEach((file) => transfer.items.add(file));
  input.files = transfer.files;
}

function preview(input, list) {
  const files = [...input.files];
  list.hidden = files.length === 0;
  list.replaceChildren(...files.map((file, place) => {
    const line = document.createElement("li");
    const image = document.createElement("img");
    image.alt = `选好的照片 ${place + 1}：${file.name}`;
    image.width = image.height = 96;
    image.src = URL.createObjectURL(file);
    image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "button ghost";
    drop.textContent = `不要选好的第 ${place + 1} 张`;
    drop.addEventListener("click", () => {
      put(input, [...input.files].filter((other) => other !== file));
      preview(input, list);
    });
    line.append(image, drop);
    return line;
  }));
}

function equip(input) {
  const list = document.createElement("ul");
  list.className = "photo-list";
  list.hidden = true;
  const camera = document.createElement("button");
  camera.type = "button";
  camera.className = "button secondary";
  camera.textContent = "拍照";
  camera.addEventListener("click", () => {
    const shot = document.createElement("input");
    shot.type = "file";
    shot.accept = "image/*";
    shot.capture = "environment";
    shot.addEventListener("change", () => take([...(input.multiple ? input.files : []), ...shot.files]));
    shot.click();
  });
  input.after(camera, list);
  let turn = 0;
  async function take(files) {
    const mine = ++turn; // whoever chooses again meanwhile is not overtaken by the first choice
    const ready = await Promise.all(files.map(smaller));
    if (mine !== turn) return;
    put(input, ready);
    preview(input, list);
  }
  input.addEventListener("change", () => take([...input.files]));
}

document.querySelectorAll("input[type=file][accept^='image/']").forEach(equip);

// How far it is, for a form with photos on a slow line.
document.addEventListener("submit", (event) => {
  const inputs = [...event.target.querySelectorAll("input[type=file]")];
  if (event.defaultPrevented || !inputs.some((input) => input.files.length)) return;
  const words = document.createElement("p");
  words.className = "notice uploading";
  words.setAttribute("role", "status");
  words.textContent = "正在上传照片，请不要关闭页面……";
  event.target.querySelector(".act-bar")?.before(words);
});
window.addEventListener("pageshow", () => { document.querySelectorAll(".uploading").forEach((words) => words.remove()); });
