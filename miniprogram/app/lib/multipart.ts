/** multipart/form-data by hand: wx.uploadFile sends one file a call, the portal takes all photos of one act at once. */

export interface Part {
  name: string;
  filename: string;
  bytes: ArrayBuffer;
}

export interface Multipart {
  body: ArrayBuffer;
  type: string;
}

/** UTF-8. The phones' WeChat has no TextEncoder. Half of a surrogate pair becomes the replacement character. */
export function utf8(text: string): Uint8Array {
  const whole = text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (pair) =>
    pair.length === 2 ? pair : "\ufffd",
  );
  const signs = encodeURIComponent(whole).replace(/%([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  const bytes = new Uint8Array(signs.length);
  for (let at = 0; at < signs.length; at++) bytes[at] = signs.charCodeAt(at);
  return bytes;
}

export function multipart(fields: Record<string, string>, parts: Part[], boundary: string): Multipart {
  const pieces: Uint8Array[] = [];
  for (const [name, value] of Object.entries(fields)) {
    pieces.push(utf8(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
  }
  for (const part of parts) {
    const says = `Content-Disposition: form-data; name="${part.name}"; filename="${part.filename}"`;
    pieces.push(utf8(`--${boundary}\r\n${says}\r\nContent-Type: image/jpeg\r\n\r\n`));
    pieces.push(new Uint8Array(part.bytes), utf8("\r\n"));
  }
  pieces.push(utf8(`--${boundary}--\r\n`));
  const body = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  return { body: body.buffer, type: `multipart/form-data; boundary=${boundary}` };
}
