/** A UUID (version 4): under it a thing is done once, however often it is sent. It guards nothing, so chance is enough. */
export function newKey(): string {
  return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replace(/[xy]/g, (sign) => {
    const digit = Math.floor(Math.random() * 16);
    return (sign === "x" ? digit : (digit & 3) | 8).toString(16);
  });
}
