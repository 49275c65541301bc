"use strict";
/* WeChat takes a main package of at most 2 MB. */
const fs = require("node:fs");
const path = require("node:path");

const MOST = 2 * 1024 * 1024;
const BUILD = path.join(__dirname, "..", ".build");

let bytes = 0;
for (const entry of fs.readdirSync(BUILD, { recursive: true, withFileTypes: true })) {
  if (entry.isFile()) bytes += fs.statSync(path.join(entry.parentPath, entry.name)).size;
}
console.log(`main package: ${(bytes / 1024).toFixed(0)} KB of ${MOST / 1024} KB`);
if (bytes >= MOST) process.exit(1);
